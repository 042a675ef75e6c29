import { writeFileSync } from 'node:fs'
import { sql } from 'drizzle-orm'
import t, { type Test } from 'tap'
import { runCommand } from '../../src/cli/command.js'
import { main as dataCheck } from '../../src/cli/data-check.js'
import { main as searchIndex } from '../../src/cli/search-index.js'
import { main as seed } from '../../src/cli/seed.js'
import { readConfig } from '../../src/config.js'
import { openDatabase } from '../../src/database.js'
import { makeFolder } from '../support/process.js'

const env = { DATA_DIR: `${makeFolder(t)}/data` }

/** Runs a command; answers its exit code and the lines that it printed. */
async function run(t: Test, command: typeof seed, argv: string[], settings: NodeJS.ProcessEnv = env) {
  const out = t.capture(console, 'log')
  const errors = t.capture(console, 'error')
  const code = await command(argv, settings)
  const printed = (calls: { args: unknown[] }[]) => calls.map(({ args }) => String(args[0]))
  const [lines, faults] = [printed(out()), printed(errors())]
  out.restore()
  errors.restore()
  return { code, lines, faults, last: lines.at(-1) }
}

t.test('a wrong option or setting is named', async (t) => {
  const odd = await run(t, seed, ['--fast'])
  t.match(odd, { code: 2, lines: [], faults: ["Unknown option '--fast': --help says what there is"] })
  const extra = await run(t, seed, ['drizzle/seed'])
  t.equal(extra.code, 2)
  const wrong = await run(t, seed, [], { DATABASE_POOL: 'many' })
  t.match(wrong, { code: 2, faults: [/^DATABASE_POOL is "many": allowed is 1 to 1000$/] })
  t.match(await run(t, seed, ['--help']), { code: 0, lines: [/Usage: npm run seed/] })
  t.match(await run(t, searchIndex, ['--help']), { code: 0, lines: [/Usage: npm run search:index/] })
  t.match(await run(t, dataCheck, ['--help']), { code: 0, lines: [/Usage: npm run data:check/] })
})

t.test('what nobody expected is told whole', async (t) => {
  const failure = new TypeError('nobody expected this')
  const command = (argv: string[]) => runCommand(argv, { help: '' }, () => Promise.reject(failure))
  t.match(await run(t, command, []), { code: 1, faults: ['TypeError: nobody expected this'] })
})

t.test('a server that does not answer is named', async (t) => {
  const away = { DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/registry' }
  for (const [command, argv] of [[seed, []] as const, [dataCheck, ['--database']] as const]) {
    const { code, faults } = await run(t, command, [...argv], away)
    t.equal(code, 1)
    t.match(faults, [/^The PostgreSQL server of DATABASE_URL \(127.0.0.1:1\/registry\) cannot be used: /])
    t.notMatch(faults.join(), 'secret')
  }
})

t.test('the curated data is checked without a database', async (t) => {
  t.match(await run(t, dataCheck, []), { code: 0, last: 'Nothing is wrong' })
  const { code, faults } = await run(t, dataCheck, [t.testdir()])
  t.equal(code, 1)
  t.match(faults, [/^ENOENT: no such file or directory/], 'a folder without curated data')
})

t.test('another folder can be checked', async (t) => {
  const lists = [
    'authorities',
    'sources',
    'programs',
    'organizations',
    'targets',
    'indications',
    'shared-names',
  ]
  const folder = t.testdir({
    ...Object.fromEntries(lists.map((name) => [`${name}.json`, '[]\n'])),
    therapies: {},
  })
  t.match(await run(t, dataCheck, [folder]), { code: 0 })
  writeFileSync(`${folder}/targets.json`, '{')
  t.match(await run(t, dataCheck, [folder]), { code: 1, lines: [/^targets.json#: is no JSON: /] })
})

t.test('commands use the embedded server, also that of a service which runs', async (t) => {
  t.match(await run(t, dataCheck, ['--database']), {
    code: 1,
    faults: ['The database is not migrated: start the service once'],
  })
  t.match(await run(t, seed, []), { code: 0, last: /^\d{4} created, 0 updated, 0 unchanged$/ })

  const { database, close } = await openDatabase(readConfig(env), { log: () => {}, onFailure: t.fail })
  t.teardown(close)
  t.match(await run(t, seed, []), { code: 0, last: /^0 created, 0 updated, \d{4} unchanged$/ })
  t.match(await run(t, searchIndex, []), { code: 0, last: /^\d{4} records can be searched$/ })
  t.match(await run(t, dataCheck, ['--database']), { code: 0, last: 'Nothing is wrong' })
  await t.rejects(openDatabase(readConfig(env), { log: () => {}, onFailure: t.fail }), { code: 'in-use' })

  await database.rows(sql`update therapies set name = 'Renamed by hand' where slug = 'carcik'`)
  await database.rows(sql`update targets set document = '' where slug = 'cd19'`)
  await database.rows(sql`update targets set document = '{"id":1}' where slug = 'cd22'`)
  await database.rows(
    sql`update designations set status = 'denied' where slug = 'lasme-cel-fda-rmat-r-r-b-all'`,
  )
  const { code, lines } = await run(t, dataCheck, ['--database'])
  t.equal(code, 1)
  const expected = [
    /^therapies\/\S+: the kept document is not what its rows say$/,
    /^designations\/\S+: the kept document is not what its rows say$/,
    /^targets\/\S+: what search knows of it is not what its document says$/,
    /^targets\/\S+: Unexpected end of JSON input$/,
    /^targets\/\S+: .*\/slug: is required/,
    /^designations\/\S+: status does not follow from the rest of the record$/,
  ]
  for (const pattern of expected)
    t.ok(
      lines.some((line) => pattern.test(line)),
      String(pattern),
    )
})
