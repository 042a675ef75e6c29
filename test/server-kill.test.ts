import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { makeFolder, type Running, runService, until, whenReady } from './support/process.js'

/** How often the service is killed; `KILLS=20 npx tap test/server-kill.test.ts` for more than a glance. */
const kills = Number(process.env.KILLS ?? 1)
const writers = 4

const DATA_DIR = join(makeFolder(t), 'data')

interface Application {
  slug: string
  status: string
  note: string
  events: { status: string; evidence: object[] }[]
}

/** An application that comes whole: of four tables, and with a status that follows from its events. */
const body = (round: number, writer: number, count: number) => ({
  slug: `kill-${round}-${writer}-${count}`,
  therapy: 'lasme-cel',
  authority: 'fda',
  type: 'IND',
  indication: 'r-r-b-all',
  note: `round ${round}`,
  events: [
    { status: 'submitted', on: '2025-Q1', evidence: [{ source: 'cellectis-first-quarter-2025' }] },
    { status: 'cleared', on: '2025-11-08', evidence: [{ source: 'cellectis-first-quarter-2025' }] },
  ],
})

/** Posts an application, with the key that the first start made; answers its status, or undefined when nobody is there. */
async function post(url: string, application: object): Promise<number | undefined> {
  const authorization = `Bearer ${(await readFile(join(DATA_DIR, 'admin.key'), 'utf8')).trim()}`
  const answer = await fetch(`${url}/v1/applications`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(application),
  }).catch(() => null)
  return answer?.status
}

/** Writes until the service is gone; what was acknowledged is added to the list. */
async function write(url: string, round: number, writer: number, acknowledged: string[]): Promise<void> {
  for (let count = 1; ; count++) {
    const application = body(round, writer, count)
    const status = await post(url, application)
    if (status === undefined) return
    if (status === 201) acknowledged.push(application.slug)
  }
}

/** Kills the service while it is written to; answers what it had acknowledged. */
async function killUnderWrites(service: Running, round: number): Promise<string[]> {
  const url = await whenReady(service)
  const acknowledged: string[] = []
  const writing = Array.from({ length: writers }, (_, writer) => write(url, round, writer, acknowledged))
  await until(() => acknowledged.length > 0)
  await sleep(100 + Math.random() * 500)
  service.child.kill('SIGKILL')
  await Promise.all(writing)
  await service.ended
  return acknowledged
}

/** Every application that was written in the rounds so far, page by page. */
async function written(url: string): Promise<Map<string, Application>> {
  const found = new Map<string, Application>()
  let next: string | null = ''
  while (next !== null) {
    const cursor: string = next === '' ? '' : `&cursor=${next}`
    const page = await fetch(`${url}/v1/applications?therapy=lasme-cel&limit=1000${cursor}`)
    const { data, page: info } = (await page.json()) as { data: Application[]; page: { next: string | null } }
    for (const application of data) found.set(application.slug, application)
    next = info.next
  }
  return found
}

function assertWhole(t: Test, acknowledged: string[], found: Map<string, Application>): void {
  const lost = acknowledged.filter((slug) => !found.has(slug))
  t.same(lost, [], `all ${acknowledged.length} acknowledged writes are there`)
  const half = [...found.values()].filter(
    ({ slug, status, events }) =>
      slug.startsWith('kill-') &&
      (status !== 'cleared' || events.length !== 2 || events.some(({ evidence }) => evidence.length !== 1)),
  )
  t.same(half, [], 'none is there by half')
}

t.test('kill -9 under writes loses nothing that was acknowledged, and the next start works', async (t) => {
  const acknowledged: string[] = []
  for (let round = 1; round <= kills; round++) {
    acknowledged.push(...(await killUnderWrites(runService(t, { DATA_DIR, LOG_LEVEL: 'info' }), round)))
  }
  const service = runService(t, { DATA_DIR })
  const found = await written(await whenReady(service))
  t.ok(acknowledged.length > kills, 'there were writes to lose')
  assertWhole(t, acknowledged, found)
  service.child.kill('SIGTERM')
  t.equal((await service.ended).code, 0)
})
