/** Reads what PostgreSQL answers without new memory for each piece, of which the driver would take twice what it reads. */

import { connect, type Socket } from 'node:net'

/** What is read from a socket at once, in bytes. */
const inboxSize = 64 * 1024

/** A type, and four bytes that say how long the rest is, themselves included. */
const headLength = 5
const lengthOf = (messages: Buffer, start: number): number => 1 + messages.readUInt32BE(start + 1)

/** Where the whole messages among bytes end. */
function endOfWhole(bytes: Buffer): number {
  let end = 0
  while (end + headLength <= bytes.length && end + lengthOf(bytes, end) <= bytes.length) {
    end += lengthOf(bytes, end)
  }
  return end
}

/** Puts messages together of what arrives: `pass` gets whole ones, in memory that is used again when it returns. */
export class MessageReader {
  #memory = Buffer.allocUnsafeSlow(2 * inboxSize)
  #length = 0
  readonly #pass: (messages: Buffer) => void

  constructor(pass: (messages: Buffer) => void) {
    this.#pass = pass
  }

  read(arrived: Buffer): void {
    this.#add(arrived)
    const bytes = this.#memory.subarray(0, this.#length)
    const end = endOfWhole(bytes)
    if (end === 0) return
    this.#pass(bytes.subarray(0, end))
    this.#memory.copyWithin(0, end, this.#length)
    this.#length -= end
  }

  #add(arrived: Buffer): void {
    const needed = this.#length + arrived.length
    if (needed > this.#memory.length) {
      const larger = Buffer.allocUnsafeSlow(2 * needed)
      this.#memory.copy(larger, 0, 0, this.#length)
      this.#memory = larger
    }
    this.#length += arrived.copy(this.#memory, this.#length)
  }
}

/** What is read of the settings that the driver made out. */
interface Settings {
  host: string[]
  port: number[]
  path?: string | false
  ssl: unknown
}

/**
 * The setting by which the driver opens sockets that read so. None where the driver encrypts a connection or tries several
 * servers, since a socket of ours does neither.
 */
export function socketFor({ host, port, path, ssl }: Settings): { socket?: () => Socket } {
  if (ssl || host.length > 1) return {}
  const place = path ? { path } : { host: host[0] as string, port: port[0] as number }
  return { socket: () => openSocket(place) }
}

function openSocket(place: { path: string } | { host: string; port: number }): Socket {
  const inbox = Buffer.allocUnsafeSlow(inboxSize)
  const reader = new MessageReader((messages) => socket.emit('data', messages))
  const callback = (size: number) => {
    reader.read(inbox.subarray(0, size))
    return true
  }
  const socket = connect({ ...place, onread: { buffer: inbox, callback } })
  return socket
}
