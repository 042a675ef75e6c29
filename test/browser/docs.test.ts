import type { Locator, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { adminKey, type Body } from '../support/app.js'
import { barriers, hiddenPixels, noBrowser, testPage, visit } from './chromium.js'

/** Opens the documentation at an operation. */
async function openOperation(page: Page, tag: string, operationId: string): Promise<Locator> {
  // What only changes behind the # would not load the page again.
  await page.goto('about:blank')
  await page.goto(`/docs#/${tag}/${operationId}`)
  const operation = page.locator(`#operations-${tag}-${operationId}`)
  await operation.locator('.execute').waitFor()
  return operation
}

/** Sends what stands in an operation, and tells the answer. */
async function execute(operation: Locator): Promise<{ url: string; status: string; body: Body }> {
  await operation.locator('.execute').click()
  const answer = operation.locator('.live-responses-table')
  await answer.waitFor()
  return {
    url: await operation.locator('.request-url pre').innerText(),
    status: (await answer.locator('.response-col_status').last().innerText()).trim(),
    body: JSON.parse(await answer.locator('.highlight-code .microlight').first().innerText()),
  }
}

/** What has the focus, as a reader would call it. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(
    '(document.activeElement.id || document.activeElement.className || document.activeElement.textContent)',
  )

// Drawing a page that big takes a while on a machine that runs many tests at once.
t.setTimeout(300_000)

t.test('in a browser', { skip: noBrowser }, async (t) => {
  const visited = await visit(t)
  const { ask, origin } = visited

  testPage(
    t,
    visited,
    'an operation is found by its name or address, and tried out as it stands',
    async (t, page) => {
      await page.goto('/docs')
      const operations = page.locator('.opblock')
      await operations.first().waitFor()
      const all = await operations.count()
      t.ok(all > 90)
      const found = async (phrase: string) => {
        await page.getByLabel('Filter by name, path or tag').fill(phrase)
        return operations.evaluateAll((each) => each.map(({ id }) => id.split('-').at(-1)))
      }
      t.strictSame(await found('export DESIGN'), ['exportDesignations'])
      t.strictSame(await found('firstdesignations'), ['findFirstDesignations'])
      t.strictSame(await found('delete /v1/targets'), ['deleteTarget'])
      t.strictSame(
        await found('service'),
        ['getLiveness', 'getReadiness', 'getVersion'],
        'a tag is shown whole',
      )
      t.strictSame(await found('no such operation'), [])
      t.equal((await found('')).length, all)
      const operation = page.locator('#operations-designations-listDesignations')
      await operation.locator('.opblock-summary-control').click()
      const { url, status, body } = await execute(operation)
      t.equal(url, `${origin}/v1/designations`, 'nothing is filled in that narrows it')
      t.equal(status, '200')
      t.strictSame(body, (await ask('GET', '/v1/designations')).body)
      t.match(page.url(), /#\/designations\/listDesignations$/, 'the address leads here again')
    },
  )

  testPage(t, visited, 'a key is given once, kept, and lets one write', async (t, page) => {
    await page.goto('/docs')
    await page.locator('.auth-wrapper .authorize').click()
    const dialog = page.locator('.dialog-ux .modal-ux')
    await dialog.locator('input').fill(adminKey)
    await dialog.locator('button[type=submit]').click()
    await dialog.locator('.btn-done').click()
    const operation = await openOperation(page, 'targets', 'createTarget')
    const { status, body } = await execute(operation)
    t.equal(status, '201', 'its example can be sent as it stands')
    t.strictSame((await ask('GET', `/v1/targets/${body.slug}`)).body, body)
    await page.reload()
    await page.locator('.auth-wrapper .authorize.locked').waitFor()
    t.equal(await page.locator('.opblock .authorization__btn:visible').count(), 0, 'nothing is locked')
    await page.evaluate('localStorage.clear()')
  })

  testPage(
    t,
    visited,
    'the keyboard goes past the bar, to the filter and into operations',
    async (t, page) => {
      await page.goto('/docs')
      await page.locator('.opblock').first().waitFor()
      const press = async (until: string, most: number) => {
        for (let count = 0; count < most; count++) {
          await page.keyboard.press('Tab')
          if ((await focused(page)).includes(until)) return true
        }
        return false
      }
      t.ok(await press('skip', 1), 'the first is the way past the bar')
      await page.keyboard.press('Enter')
      t.equal(await focused(page), 'content')
      t.ok(await press('btn authorize', 3))
      t.ok(await press('operation-filter', 1))
      t.ok(await press('opblock-summary-control', 4))
      await page.keyboard.press('Enter')
      const operation = page.locator('#operations-therapies-listTherapies')
      await operation.locator('.execute').waitFor()
      t.equal(await operation.locator('.opblock-summary-control').getAttribute('aria-expanded'), 'true')
    },
  )

  const phone = { viewport: { width: 390, height: 844 }, isMobile: true }
  const onPhone = async (t: Test, page: Page) => {
    for (const url of ['/', '/problems', '/problems/still-referenced']) {
      await page.goto(url)
      t.equal(await hiddenPixels(page), 0, url)
    }
    const operation = await openOperation(page, 'therapies', 'getTherapy')
    const { url, status, body } = await execute(operation)
    t.equal(status, '200', 'the example of a parameter that is needed is filled in')
    t.equal(url, `${origin}/v1/therapies/${body.slug}`)
    t.equal(await hiddenPixels(page), 0, '/docs')
  }
  testPage(t, visited, 'all of it fits a phone', onPhone, phone)

  testPage(t, visited, 'the front page leads to answers', async (t, page) => {
    await page.goto('/')
    await page.getByLabel('A name, a code').fill('ucart 22')
    await page.keyboard.press('Enter')
    await page.waitForURL('/v1/search?q=ucart+22')
    t.match(await page.locator('body').innerText(), /"slug":"lasme-cel"/)
    await page.goto('/')
    await page.getByRole('link', { name: 'Problems' }).first().click()
    await page.getByRole('link', { name: 'Still referenced' }).click()
    t.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Still referenced')
    t.match(await page.locator('pre').innerText(), /"references": \{/)
  })

  testPage(t, visited, 'nothing is in the way of those who see or move otherwise', async (t, page) => {
    const schemes = ['light', 'dark'] as const
    const check = async (name: string) => {
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme })
        t.strictSame(await barriers(page), [], `${name} (${colorScheme})`)
      }
    }
    for (const url of ['/', '/problems', '/problems/gone']) {
      await page.goto(url)
      await check(url)
    }
    await openOperation(page, 'therapies', 'createTherapy')
    await page.getByLabel('Filter by name, path or tag').fill('createTherapy')
    await check('/docs')
  })
})
