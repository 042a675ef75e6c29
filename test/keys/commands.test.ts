import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.js'
import { main } from '../../src/cli/keys.js'
import { readConfig } from '../../src/config.js'
import { openDatabase } from '../../src/database.js'
import { makeFolder } from '../support/process.js'

const env = { DATA_DIR: `${makeFolder(t)}/data` }

/** Runs the command; answers its exit code and what it printed. */
async function run(t: Test, ...argv: string[]) {
  const out = t.capture(console, 'log')
  const errors = t.capture(console, 'error')
  const code = await main(argv, env)
  const printed = (calls: { args: unknown[] }[]) => calls.map(({ args }) => String(args[0]))
  const [lines, faults] = [printed(out()), printed(errors())]
  out.restore()
  errors.restore()
  return { code, lines, faults }
}

t.test('what it cannot take is named, and no database is opened for it', async (t) => {
  const wrong: [argv: string[], message: string][] = [
    [[], 'Say create, list or revoke: --help says how'],
    [['constructor'], 'Say create, list or revoke: --help says how'],
    [['create'], 'A key needs a name that says whose it is, of at most 200 characters'],
    [['create', ' '], 'A key needs a name that says whose it is, of at most 200 characters'],
    [['create', 'x'.repeat(201)], 'A key needs a name that says whose it is, of at most 200 characters'],
    [['create', 'Me', '--scope', 'root'], '--scope is "root": allowed is read, write, admin'],
    [
      ['create', 'Me', '--expires', 'soon'],
      '--expires is "soon": allowed is a day from today on, such as 2027-06-30',
    ],
    [
      ['create', 'Me', '--expires', '2020-01-01'],
      '--expires is "2020-01-01": allowed is a day from today on, such as 2027-06-30',
    ],
    [
      ['create', 'Me', '--expires', '2099-02-30'],
      '--expires is "2099-02-30": allowed is a day from today on, such as 2027-06-30',
    ],
    [['revoke'], 'Say which key, by its id or by what is visible of it'],
    [['create', 'Me', '--colour', 'red'], "Unknown option '--colour': --help says what there is"],
  ]
  for (const [argv, message] of wrong) {
    t.same(await run(t, ...argv), { code: 2, lines: [], faults: [message] }, argv.join(' '))
  }
  t.match(await run(t, '--help'), { code: 0, lines: [/Usage: npm run keys -- create NAME/] })
})

t.test('keys are made, listed and revoked while the service runs', async (t) => {
  t.match(await run(t, 'list'), { code: 0, faults: [] }, 'the first command makes the database')
  const { database, close } = await openDatabase(readConfig(env), { log: () => {}, onFailure: t.fail })
  t.teardown(close)
  const app = await buildApp({ database })
  t.teardown(() => app.close())
  const status = async (key: string) =>
    (await app.inject({ url: '/v1/keys', headers: { authorization: `Bearer ${key}` } })).statusCode

  const admin = await run(t, 'create', 'Me', '--scope', 'admin')
  t.match(admin, { code: 0, faults: ['It is shown this once: only a hash of it is kept'] })
  const [key = ''] = admin.lines
  t.equal(await status(key), 200)
  const today = new Date().toISOString().slice(0, 10)
  t.equal((await run(t, 'create', 'A guest', '--expires', today)).code, 0, 'a day ends when it is over')
  t.equal((await run(t, 'create', 'Another guest', '--expires', '2099-06-30')).code, 0)

  const { lines } = await run(t, 'list')
  t.equal(lines.length, 3)
  t.match(
    lines[0],
    new RegExp(
      `^${key.slice(0, 17)}  admin  created \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d, used [-: \\d]{16}  Me$`,
    ),
  )
  t.match(lines[1], /^rmat_\w{12} {2}read {3}created [-: \d]{16}, expires [-\d]{10} 00:00 {2}A guest$/)
  t.match(lines[2], /expires 2099-07-01 00:00 {2}Another guest$/)

  t.same(await run(t, 'revoke', key.slice(0, 17)), {
    code: 0,
    lines: [`${key.slice(0, 17)} is revoked`],
    faults: [],
  })
  t.equal(await status(key), 401)
  t.match((await run(t, 'list')).lines[0], /, revoked [-: \d]{16} {2}Me$/)
  t.same(await run(t, 'revoke', 'rmat_x'), { code: 1, lines: ['There is no key rmat_x'], faults: [] })
})
