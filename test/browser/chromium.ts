import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import axe from 'axe-core'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
import type { Test } from 'tap'
import { type TestApp, testApp } from '../support/app.js'

const names = ['chromium', 'chromium-browser', 'google-chrome']
const inPath = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => names.map((name) => join(folder, name)))
const executablePath = [process.env.CHROMIUM_PATH ?? '', ...inPath].find((path) => existsSync(path))

/** Why tests in a browser are left out here; false where there is one. */
export const noBrowser =
  executablePath === undefined && `no ${names.join(' or ')} in PATH, and none named by CHROMIUM_PATH`

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The service on a real socket, and a browser before it. */
export interface Visit extends TestApp {
  browser: Browser
  /** The window of pages that want nothing else, so that what they load is loaded once. */
  context: BrowserContext
  origin: string
}

const desktop = { viewport: { width: 1280, height: 900 } }

export async function visit(t: Test): Promise<Visit> {
  const tested = await testApp(t)
  const origin = await tested.app.listen({ host: '127.0.0.1', port: 0 })
  const browser = await chromium.launch({ executablePath, args })
  t.teardown(() => browser.close())
  const context = await browser.newContext({ baseURL: origin, ...desktop })
  return { ...tested, browser, context, origin }
}

/** A test on a page of its own, on which nothing may go wrong, and which may ask nobody but the service. */
export function testPage(
  t: Test,
  { browser, context, origin }: Visit,
  name: string,
  work: (t: Test, page: Page) => Promise<void>,
  options?: BrowserContextOptions,
): void {
  t.test(name, async (t) => {
    const page = await (options === undefined
      ? context.newPage()
      : browser.newPage({ baseURL: origin, ...desktop, ...options }))
    // Machines that run many tests at once are slow.
    page.setDefaultTimeout(60_000)
    const faults = faultsOf(page, origin)
    await work(t, page)
    await page.close()
    t.strictSame(faults, [], 'no error, and nothing from elsewhere')
  })
}

function faultsOf(page: Page, origin: string): string[] {
  const faults: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text())
  })
  page.on('pageerror', ({ message }) => faults.push(message))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) faults.push(`asked for ${url}`)
  })
  return faults
}

/** A rule that Swagger UI breaks by itself: its operations are buttons with links in them. */
const notOurs = { 'nested-interactive': { enabled: false } }

/** What is in the way of people who see or move otherwise, as axe finds it: each rule with the first element. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  // Colours that still change would be looked at halfway.
  await page.evaluate('Promise.allSettled(document.getAnimations().map(({ finished }) => finished))')
  return page.evaluate(async (rules) => {
    const { axe: checker } = globalThis as unknown as { axe: typeof axe }
    const { violations } = await checker.run({ include: [['html']] }, { rules, resultTypes: ['violations'] })
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} (${nodes[0]?.failureSummary})`)
  }, notOurs)
}

/** How many pixels of a page are out of sight to the right. */
export const hiddenPixels = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
