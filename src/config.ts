import { isIP } from 'node:net'
import { parseArgs } from 'node:util'
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Ajv } from 'ajv'

const oneOf = <const Values extends readonly string[]>(
  values: Values,
  options: { default: Values[number]; description: string },
) => Type.Unsafe<Values[number]>({ type: 'string', enum: values, ...options })

/**
 * All settings of the service, which are environment variables. The table of `--help` and the one in the README
 * are made from it. `writeOnly` marks a value that holds a secret and is never shown.
 */
export const Settings = Type.Object({
  DATABASE_URL: Type.Optional(
    Type.String({
      description: 'The PostgreSQL server (15 to 18) to use instead of the embedded one',
      pattern: '^postgres(ql)?://.',
      examples: ['postgres://user:password@host:5432/openrmat'],
      writeOnly: true,
    }),
  ),
  DATABASE_POOL: Type.Integer({
    description: 'Connections to the database that are kept open',
    minimum: 1,
    maximum: 1000,
    default: 10,
  }),
  DATA_DIR: Type.String({
    description: 'The folder of the embedded PostgreSQL: data, password, log and first key',
    examples: ['/var/lib/openrmat'],
    default: './.data',
  }),
  HOST: Type.String({
    description: 'The address to listen on; 0.0.0.0 is every IPv4 address of the machine',
    examples: ['0.0.0.0'],
    default: '127.0.0.1',
  }),
  PORT: Type.Integer({
    description: 'The port to listen on; 0 picks a free one',
    minimum: 0,
    maximum: 65535,
    default: 3000,
  }),
  READ_ACCESS: oneOf(['public', 'key'], {
    description: 'Whether everybody may read, or only who has a key; writing always needs one',
    default: 'public',
  }),
  METRICS_ACCESS: oneOf(['key', 'public'], {
    description: 'Who may read /metrics: who has a key, or everybody',
    default: 'key',
  }),
  RATE_LIMIT_ADDRESS: Type.Integer({
    description: 'Requests a minute from an address, without a key; 0 is no limit',
    minimum: 0,
    maximum: 1_000_000_000,
    default: 600,
  }),
  RATE_LIMIT_KEY: Type.Integer({
    description: 'Requests a minute with one key; 0 is no limit',
    minimum: 0,
    maximum: 1_000_000_000,
    default: 6000,
  }),
  KEPT_ANSWERS: Type.Integer({
    description: 'Megabytes of answers to keep in memory for the next who asks; 0 keeps none',
    minimum: 0,
    maximum: 100_000,
    default: 8,
  }),
  TRUSTED_PROXIES: Type.Optional(
    Type.String({
      description: 'The proxies before the service: X-Forwarded-For is believed of them alone',
      examples: ['10.0.0.7,172.16.0.0/12'],
    }),
  ),
  CORS_ORIGINS: Type.String({
    description: 'Origins whose pages may use the service: * is every one, none is none',
    pattern: '^(?:\\*|none|https?://[^,/\\s]+(?:, *https?://[^,/\\s]+)*)$',
    examples: ['https://example.com,https://www.example.com'],
    default: '*',
  }),
  NODE_ENV: Type.Optional(
    Type.String({
      description: 'Whether requests from this machine itself are limited, too: in production',
      examples: ['production'],
    }),
  ),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    description: 'The least important messages to log',
    default: 'info',
  }),
  LOG_FORMAT: oneOf(['auto', 'pretty', 'json'], {
    description: 'How to log; auto is pretty on a terminal and JSON otherwise',
    default: 'auto',
  }),
})

/** The settings of one process, read and checked. */
export type Config = Static<typeof Settings>

/** A wrong setting or option; the message names each one, with what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** One line of the table of settings. */
interface SettingRow {
  name: string
  default: string
  allowed: string
  description: string
}

/** Reads the settings from the environment; an empty one counts as not set. Throws a ConfigError. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const config = validate(env)
  if (config.DATABASE_URL !== undefined && !URL.canParse(firstServer(config.DATABASE_URL))) {
    throw new ConfigError(complaint('DATABASE_URL', config.DATABASE_URL))
  }
  if (!trustedProxies(config).every(isNetwork)) {
    throw new ConfigError(complaint('TRUSTED_PROXIES', config.TRUSTED_PROXIES))
  }
  return config
}

/** The proxies before the service: addresses, and networks such as 172.16.0.0/12. */
export const trustedProxies = ({ TRUSTED_PROXIES }: Config): string[] =>
  TRUSTED_PROXIES === undefined ? [] : TRUSTED_PROXIES.split(',').map((network) => network.trim())

/** The origins whose pages may use the service. */
export const corsOrigins = ({ CORS_ORIGINS }: Config): string[] =>
  CORS_ORIGINS === 'none' ? [] : CORS_ORIGINS.split(',').map((origin) => origin.trim())

function isNetwork(text: string): boolean {
  const [address = '', bits = '0', ...others] = text.split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] as number
  return others.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most
}

/** The server and the database that a DATABASE_URL names, without user, password and options. */
export function nameOfServer(url: string): string {
  const { host, pathname } = new URL(firstServer(url))
  return host + pathname
}

/** PostgreSQL takes several servers in one URL, which other URLs cannot have. */
function firstServer(url: string): string {
  return url.replace(/,[^/?@]*(?=[/?]|$)/, '')
}

function validate(env: NodeJS.ProcessEnv): Config {
  const settings = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const ajv = new Ajv({ allErrors: true, useDefaults: true, coerceTypes: true, removeAdditional: true })
  const isConfig = ajv.compile<Config>({ ...Settings, additionalProperties: false })
  if (isConfig(settings)) return settings
  const names = new Set(isConfig.errors?.map(({ instancePath }) => instancePath.slice(1)))
  throw new ConfigError([...names].map((name) => complaint(name, env[name])).join('\n'))
}

function complaint(name: string, value: string | undefined): string {
  const schema = schemaOf(name)
  const found = schema.writeOnly ? 'is not usable' : `is ${JSON.stringify(value)}`
  return `${name} ${found}: allowed is ${allowed(schema)}`
}

/** Reads the options of the command line. Throws a ConfigError for one that it does not know. */
export function readOptions(argv: string[]): { help: boolean } {
  try {
    const { values } = parseArgs({
      args: argv,
      options: { help: { type: 'boolean', short: 'h', default: false } },
    })
    return { help: values.help }
  } catch (error) {
    const [reason] = (error as Error).message.split('. ')
    throw new ConfigError(`${reason}: settings are environment variables, which --help lists`)
  }
}

/** What `--help` prints. */
export function helpText(): string {
  const rows = settingRows()
  const heading: SettingRow = { name: 'Setting', default: 'Default', allowed: 'Allowed', description: '' }
  const width = (key: 'name' | 'default') => Math.max(...[heading, ...rows].map((row) => row[key].length)) + 2
  const indent = ' '.repeat(2 + width('name') + width('default'))
  const lines = [heading, ...rows].flatMap((row) => [
    `  ${row.name.padEnd(width('name'))}${row.default.padEnd(width('default'))}${row.allowed}`,
    ...(row.description === '' ? [''] : [indent + row.description, '']),
  ])
  return [
    'openRMAT: open registry API of advanced therapies and their regulatory designations',
    '',
    'Usage: npm start             start the service',
    '       npm start -- --help   print this',
    '',
    'Settings are environment variables:',
    '',
    ...lines,
  ].join('\n')
}

/** The table of settings in Markdown, as the README holds it. */
export function settingsTable(): string {
  const cells = settingRows().map((row) => [
    `\`${row.name}\``,
    row.default === '' ? '' : `\`${row.default}\``,
    row.allowed,
    row.description,
  ])
  const rows = [['Setting', 'Default', 'Allowed', 'Meaning'], ['---', '---', '---', '---'], ...cells]
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function settingRows(): SettingRow[] {
  return Object.keys(Settings.properties).map((name) => {
    const schema = schemaOf(name)
    return {
      name,
      default: String(schema.default ?? ''),
      allowed: allowed(schema),
      description: String(schema.description),
    }
  })
}

function schemaOf(name: string): TSchema {
  return Settings.properties[name as keyof Config]
}

function allowed(schema: TSchema): string {
  if (schema.enum !== undefined) return (schema.enum as string[]).join(', ')
  if (schema.type === 'integer') return `${schema.minimum} to ${schema.maximum}`
  return `such as ${(schema.examples as string[])[0]}`
}
