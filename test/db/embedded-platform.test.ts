import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import {
  allows,
  checkReach,
  hasUnixSockets,
  mayEnter,
  openSystemDir,
  serverUser,
  thisPlatform,
} from '../../src/db/embedded/platform.js'
import { makeFolder } from '../support/process.js'

const { uid, gid } = statSync(import.meta.filename)
const stranger = { uid: uid + 1, gid: gid + 1 }

t.test('sockets that do not fit go where the user of the server can reach them', async (t) => {
  t.equal(thisPlatform(0).socketDir, '/tmp')
  t.equal(thisPlatform(1000).socketDir, tmpdir())
  t.equal(thisPlatform().uid, process.getuid?.())
})

t.test('there are Unix sockets everywhere but on Windows', async (t) => {
  t.ok(hasUnixSockets({ ...thisPlatform(), os: 'darwin' }))
  t.notOk(hasUnixSockets({ ...thisPlatform(), os: 'win32' }))
})

t.test('an ordinary user is the user of the server', async (t) => {
  t.equal(await serverUser(thisPlatform(1000)), undefined)
})

t.test('root runs the server as the owner of the data, or as nobody when there is none', async (t) => {
  const folder = makeFolder(t)
  const passwd = join(folder, 'passwd')
  const platform = { ...thisPlatform(0), passwd }
  writeFileSync(passwd, 'root:x:0:0:root:/root:/bin/bash\nnobody:*:-2:-2:Nobody:/:/bin/false\n')
  t.strictSame(await serverUser(platform), { uid: 4294967294, gid: 4294967294 })
  t.strictSame(await serverUser(platform, folder), { uid: process.getuid?.(), gid: statSync(folder).gid })
  writeFileSync(passwd, 'root:x:0:0:root:/root:/bin/bash\n')
  await t.rejects(serverUser(platform), { code: 'no-permission', message: /no user "nobody"/ })
  await t.rejects(serverUser({ ...platform, passwd: join(folder, 'none') }), { code: 'no-permission' })
})

t.test('a mode allows by the first class that a user belongs to', async (t) => {
  const file = Object.assign(statSync(import.meta.filename), { mode: 0o641 })
  t.ok(allows(file, { uid, gid }, 'read'))
  t.notOk(allows(file, { uid, gid }, 'enter'))
  t.ok(allows(file, { uid: uid + 1, gid }, 'read'))
  t.notOk(allows(file, { uid: uid + 1, gid }, 'enter'))
  t.notOk(allows(file, stranger, 'read'))
  t.ok(allows(file, stranger, 'enter'))
})

t.test('a folder is out of reach when one above it is private', async (t) => {
  const folder = makeFolder(t)
  const inner = join(folder, 'private', 'data')
  mkdirSync(inner, { recursive: true })
  t.ok(await mayEnter(inner, stranger))
  await t.resolves(checkReach(inner, stranger))
  chmodSync(join(folder, 'private'), 0o700)
  t.notOk(await mayEnter(inner, stranger))
  await t.resolves(checkReach(inner, undefined))
  await t.rejects(checkReach(inner, stranger), {
    code: 'no-permission',
    message: `${inner} belongs to user ${stranger.uid}, who runs PostgreSQL but cannot enter the folders above it`,
  })
})

t.test("root's own folder is the first that only root can write to", async (t) => {
  const folder = makeFolder(t)
  const file = join(folder, 'file')
  const open = join(folder, 'open')
  const good = join(folder, 'good')
  writeFileSync(file, '')
  mkdirSync(open)
  chmodSync(open, 0o777)
  const platform = {
    ...thisPlatform(process.getuid?.()),
    systemDirs: [join(file, 'below'), file, open, good],
  }
  t.equal(await openSystemDir(platform), good)
  t.equal(statSync(good).mode & 0o777, 0o755)
  t.equal(await openSystemDir(platform), good)
  await t.rejects(openSystemDir({ ...platform, systemDirs: [open] }), { code: 'no-permission' })
  await t.rejects(openSystemDir({ ...platform, uid: uid + 1 }), { code: 'no-permission' })
})
