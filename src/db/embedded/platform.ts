import type { Stats } from 'node:fs'
import { chmod, lstat, mkdir, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { EmbeddedPostgresError } from './errors.js'

/** What differs between systems; passed in, so that each branch can be tested on any of them. */
export interface PlatformFacts {
  os: NodeJS.Platform
  arch: string
  /** The user id of this process; undefined where there is none (Windows). */
  uid: number | undefined
  /** The file that lists the users. */
  passwd: string
  /** Where sockets go whose path would be too long in the data folder. */
  socketDir: string
  /** Folders that root may use for what the server's user must reach; the first that can be made is taken. */
  systemDirs: string[]
}

/** A user that the server runs as, because PostgreSQL refuses to run as root. */
export interface ServerUser {
  uid: number
  gid: number
}

/** The facts of the system that this process runs on, as this user. */
export function thisPlatform(uid: number | undefined = process.getuid?.()): PlatformFacts {
  return {
    os: process.platform,
    arch: process.arch,
    uid,
    passwd: '/etc/passwd',
    // A temporary folder of root's own could not be reached by the server's user.
    socketDir: uid === 0 ? '/tmp' : tmpdir(),
    systemDirs: ['/var/lib/openrmat', '/var/tmp/openrmat'],
  }
}

/** Whether Node.js and PostgreSQL can meet on a Unix socket (on Windows, Node.js knows named pipes only). */
export function hasUnixSockets(platform: PlatformFacts): boolean {
  return platform.os !== 'win32'
}

/**
 * The user that the server must run as when this process is root: the owner of the data if there is any, else
 * `nobody`. Undefined when the server runs as the user of this process.
 */
export async function serverUser(
  platform: PlatformFacts,
  clusterDir?: string,
): Promise<ServerUser | undefined> {
  if (platform.uid !== 0) return undefined
  if (clusterDir !== undefined) {
    const { uid, gid } = await stat(clusterDir)
    return { uid, gid }
  }
  const users = await readFile(platform.passwd, 'utf8').catch(() => '')
  const [, uid, gid] = /^nobody:[^:]*:(-?\d+):(-?\d+):/m.exec(users) ?? []
  if (uid === undefined || gid === undefined) {
    throw new EmbeddedPostgresError(
      'no-permission',
      'PostgreSQL refuses to run as root and there is no user "nobody" to run it as: ' +
        'start as an ordinary user, or set DATABASE_URL',
    )
  }
  // macOS lists nobody as -2, which the system calls take as unsigned.
  return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }
}

/** Whether the mode of a file allows a user to read and (`enter`) to execute it or to enter it. */
export function allows({ mode, uid, gid }: Stats, user: ServerUser, bits: 'read' | 'enter'): boolean {
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0
  const wanted = bits === 'read' ? 4 : 1
  return ((mode >> shift) & wanted) !== 0
}

/** Whether a user may enter a folder and every folder above it. */
export async function mayEnter(folder: string, user: ServerUser): Promise<boolean> {
  if (!allows(await stat(folder), user, 'enter')) return false
  const parent = dirname(folder)
  return parent === folder || mayEnter(parent, user)
}

/** Refuses the data of a user who cannot get to it, as when it was moved into a private folder of another. */
export async function checkReach(clusterDir: string, user: ServerUser | undefined): Promise<void> {
  if (user === undefined || (await mayEnter(clusterDir, user))) return
  throw new EmbeddedPostgresError(
    'no-permission',
    `${clusterDir} belongs to user ${user.uid}, who runs PostgreSQL but cannot enter the folders above it: ` +
      'move the data folder to where that user can, or start as that user',
  )
}

/** A folder of root's that every user can enter and only root can write to. */
export async function openSystemDir({ systemDirs, uid }: PlatformFacts): Promise<string> {
  for (const dir of systemDirs) {
    const made = await mkdir(dir, { recursive: true }).catch(() => undefined)
    if (made !== undefined) await chmod(dir, 0o755)
    const stats = await lstat(dir).catch(() => undefined)
    if (stats?.isDirectory() && stats.uid === uid && (stats.mode & 0o022) === 0) return dir
  }
  throw new EmbeddedPostgresError(
    'no-permission',
    `PostgreSQL refuses to run as root, and none of ${systemDirs.join(', ')} can be made for the user it runs as: ` +
      'start as an ordinary user, or set DATABASE_URL',
  )
}
