import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { thisPlatform } from '../../src/db/embedded/platform.js'
import {
  ageOf,
  commandOf,
  disown,
  isAlive,
  isServer,
  listenOf,
  readPostmaster,
  signal,
  whenStarted,
  whenStopped,
} from '../../src/db/embedded/postmaster.js'
import { makeFolder } from '../support/process.js'

const platform = thisPlatform()

/** The id of a process that has ended. */
async function pastProcess(): Promise<number> {
  const child = spawn('/bin/true')
  await once(child, 'exit')
  return child.pid as number
}

function fileOf(folder: string, pid: number, status = 'ready   ') {
  const socketDir = join(folder, 'run')
  mkdirSync(socketDir, { recursive: true })
  writeFileSync(join(socketDir, '.s.PGSQL.5432.lock'), `${pid}\n`)
  writeFileSync(
    join(folder, 'postmaster.pid'),
    `${pid}\n${folder}\n1700000000\n5432\n${socketDir}\n\n  1 2\n${status}\n`,
  )
}

t.test('postmaster.pid is read as far as it is written', async (t) => {
  const folder = makeFolder(t)
  t.equal(await readPostmaster(folder), undefined)
  writeFileSync(join(folder, 'postmaster.pid'), '')
  t.equal(await readPostmaster(folder), undefined)
  writeFileSync(join(folder, 'postmaster.pid'), '-12\n')
  t.match(await readPostmaster(folder), { pid: 12, status: '' })
  fileOf(folder, 12)
  const server = { pid: 12, data: folder, port: 5432, socketDir: join(folder, 'run'), status: 'ready' }
  t.strictSame(await readPostmaster(folder), server)
  t.ok((await ageOf(server)) < 60_000)
  t.ok((await ageOf({ ...server, data: join(folder, 'gone') })) > 60_000)
  t.strictSame(listenOf(server), { socketDir: join(folder, 'run') })
  t.strictSame(listenOf({ ...server, socketDir: '' }), { port: 5432 })
})

t.test('a process id of another program is not taken for the server', async (t) => {
  const folder = makeFolder(t)
  const past = await pastProcess()
  const server = { pid: process.pid, data: folder, port: 5432, socketDir: '', status: 'ready' }
  t.ok(isAlive(process.pid))
  t.notOk(isAlive(past))
  t.notOk(await isServer({ ...server, pid: past }, platform))
  t.notOk(await isServer(server, { ...platform, os: 'linux' }))
  t.ok(await isServer({ ...server, data: process.execPath }, { ...platform, os: 'linux' }))
  t.ok(await isServer(server, { ...platform, os: 'win32' }), 'where the system does not tell, it may be')
})

t.test('what a process runs is unknown when it has ended', async (t) => {
  const past = await pastProcess()
  t.match(await commandOf(process.pid, 'linux'), process.execPath)
  for (const os of ['linux', 'darwin', 'win32'] as const) t.equal(await commandOf(past, os), undefined)
})

t.test('a stale process id is cleared, and what else PostgreSQL checks stays', async (t) => {
  const folder = makeFolder(t)
  fileOf(folder, process.pid)
  const server = await readPostmaster(folder)
  if (server === undefined) return t.fail()
  await disown(server)
  const after = await readPostmaster(folder)
  t.match(after, { ...server, pid: Number })
  t.notOk(isAlive(Number(after?.pid)))
  t.match(readFileSync(join(folder, 'postmaster.pid'), 'utf8'), /\n {2}1 2\n/)
  t.throws(() => readFileSync(join(folder, 'run', '.s.PGSQL.5432.lock')), { code: 'ENOENT' })
  await t.resolves(disown({ ...server, socketDir: '' }))
})

t.test('a server is waited for until it says something, or has ended', async (t) => {
  const folder = makeFolder(t)
  const windows = { ...platform, os: 'win32' as const }
  t.equal(await whenStarted(folder, windows), undefined)
  fileOf(folder, await pastProcess())
  t.equal(await whenStarted(folder, windows), undefined)
  fileOf(folder, process.pid, 'starting')
  setTimeout(() => fileOf(folder, process.pid, 'stopping'), 50)
  t.match(await whenStarted(folder, windows), { status: 'stopping' })
  fileOf(folder, process.pid)
  t.match(await whenStarted(folder, windows), { status: 'ready' })
})

t.test('a server that does not end is not waited for beyond patience', async (t) => {
  const folder = makeFolder(t)
  fileOf(folder, process.pid)
  t.notOk(await whenStopped(folder, process.pid, 50))
  t.ok(await whenStopped(folder, process.pid + 1, 50))
  const past = await pastProcess()
  fileOf(folder, past)
  t.ok(await whenStopped(folder, past, 50))
  t.doesNotThrow(() => signal(past, 'SIGINT'))
})
