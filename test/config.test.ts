import t from 'tap'
import {
  ConfigError,
  corsOrigins,
  helpText,
  nameOfServer,
  readConfig,
  readOptions,
  Settings,
  settingsTable,
  trustedProxies,
} from '../src/config.js'

const names = Object.keys(Settings.properties)

t.test('every setting has a default but those that may be absent', async (t) => {
  t.strictSame(readConfig({}), {
    DATABASE_POOL: 10,
    DATA_DIR: './.data',
    HOST: '127.0.0.1',
    PORT: 3000,
    READ_ACCESS: 'public',
    METRICS_ACCESS: 'key',
    RATE_LIMIT_ADDRESS: 600,
    RATE_LIMIT_KEY: 6000,
    KEPT_ANSWERS: 8,
    CORS_ORIGINS: '*',
    LOG_LEVEL: 'info',
    LOG_FORMAT: 'auto',
  })
})

t.test('without an argument the settings are those of the process', async (t) => {
  t.equal(readConfig().LOG_LEVEL, process.env.LOG_LEVEL ?? 'info')
})

t.test('settings are read as what they are', async (t) => {
  const url = 'postgres://me:secret@db.example:5432/registry'
  const config = readConfig({
    DATABASE_URL: url,
    DATABASE_POOL: '3',
    PORT: '0',
    LOG_LEVEL: 'silent',
    OTHER: 'x',
  })
  t.match(config, { DATABASE_URL: url, DATABASE_POOL: 3, PORT: 0, LOG_LEVEL: 'silent' })
  t.notOk('OTHER' in config)
})

t.test('an empty setting is one that is not set', async (t) => {
  t.equal(readConfig({ PORT: '', DATABASE_URL: '' }).PORT, 3000)
})

t.test('each wrong setting is named with what is allowed', async (t) => {
  const wrong = { PORT: '70000', DATABASE_POOL: 'many', LOG_LEVEL: 'loud' }
  t.throws(
    () => readConfig(wrong),
    new ConfigError(
      [
        'DATABASE_POOL is "many": allowed is 1 to 1000',
        'PORT is "70000": allowed is 0 to 65535',
        'LOG_LEVEL is "loud": allowed is trace, debug, info, warn, error, fatal, silent',
      ].join('\n'),
    ),
  )
})

t.test('a wrong DATABASE_URL is named without its value, which holds a password', async (t) => {
  t.throws(
    () => readConfig({ DATABASE_URL: 'mysql://me:secret@db.example/registry' }),
    new ConfigError(
      'DATABASE_URL is not usable: allowed is such as postgres://user:password@host:5432/openrmat',
    ),
  )
})

t.test('a DATABASE_URL is one that can be read, and is named without its secrets', async (t) => {
  for (const url of [
    'postgres://me:secret@[1/x',
    'postgres://me:secret@host:99999/x',
    'postgres://a:b/c@host/x',
  ]) {
    t.throws(() => readConfig({ DATABASE_URL: url }), {
      name: 'ConfigError',
      message: /^DATABASE_URL is not usable/,
    })
  }
  for (const [url, name] of [
    ['postgres://me:secret@host:5432/x?sslmode=require', 'host:5432/x'],
    ['postgresql://me:se,cret@one:1,two:2/x', 'one:1/x'],
    ['postgres://host', 'host'],
  ] as const) {
    t.equal(nameOfServer(String(readConfig({ DATABASE_URL: url }).DATABASE_URL)), name)
  }
})

t.test('trusted proxies are addresses and networks', async (t) => {
  t.same(trustedProxies(readConfig({})), [])
  const given = { TRUSTED_PROXIES: '10.0.0.7, 172.16.0.0/12,2001:db8::/32,::1' }
  t.same(trustedProxies(readConfig(given)), ['10.0.0.7', '172.16.0.0/12', '2001:db8::/32', '::1'])
  for (const wrong of [
    'proxy.example',
    '10.0.0.7,',
    '10.0.0.7/33',
    '2001:db8::/129',
    '10.0.0.7/',
    '10.0.0.7/8/8',
    '10.0.0.7/a',
    '10.0.0/8',
  ]) {
    t.throws(
      () => readConfig({ TRUSTED_PROXIES: wrong }),
      new ConfigError(`TRUSTED_PROXIES is "${wrong}": allowed is such as 10.0.0.7,172.16.0.0/12`),
      wrong,
    )
  }
})

t.test(
  'the origins whose pages may use the service are every one, none or those that are named',
  async (t) => {
    t.same(corsOrigins(readConfig({})), ['*'])
    t.same(corsOrigins(readConfig({ CORS_ORIGINS: 'none' })), [])
    const named = { CORS_ORIGINS: 'https://example.com, http://localhost:5173' }
    t.same(corsOrigins(readConfig(named)), ['https://example.com', 'http://localhost:5173'])
    for (const wrong of [
      'example.com',
      'https://example.com/path',
      '*,https://example.com',
      'https://a b',
      'null',
    ]) {
      t.throws(() => readConfig({ CORS_ORIGINS: wrong }), /^CORS_ORIGINS is /, wrong)
    }
  },
)

t.test('the options are --help and nothing else', async (t) => {
  t.strictSame(readOptions([]), { help: false })
  t.strictSame(readOptions(['--help']), { help: true })
  t.strictSame(readOptions(['-h']), { help: true })
  const message = /^Unknown option '--port': settings are environment variables, which --help lists$/
  t.throws(() => readOptions(['--port', '80']), { name: 'ConfigError', message })
  t.throws(() => readOptions(['serve']), { name: 'ConfigError', message: /Unexpected argument 'serve'/ })
})

t.test('help and the table of the README list every setting with its default', async (t) => {
  const rows = settingsTable().split('\n')
  t.equal(rows.length, names.length + 2)
  for (const name of names) {
    t.match(helpText(), new RegExp(`^  ${name} `, 'm'))
    t.ok(rows.some((row) => row.startsWith(`| \`${name}\` |`)))
  }
  t.match(helpText(), /PORT +3000 +0 to 65535\n +The port to listen on/)
  t.ok(rows.includes('| `PORT` | `3000` | 0 to 65535 | The port to listen on; 0 picks a free one |'))
  t.notOk(
    helpText()
      .split('\n')
      .some((line) => line.length > 110),
  )
})
