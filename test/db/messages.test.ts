import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { MessageReader, socketFor } from '../../src/db/messages.js'

/** A message of PostgreSQL: a type, the length of the rest, and the rest. */
function messageOf(body: Uint8Array): Buffer {
  const head = Buffer.from('D\0\0\0\0')
  head.writeUInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

/** What a reader passes on of bytes that arrive in pieces, in memory that is overwritten as that of a socket is. */
function readInPieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const passed: Buffer[] = []
  const reader = new MessageReader((messages) => passed.push(Buffer.from(messages)))
  let at = 0
  for (const size of [...sizes, bytes.length]) {
    const piece = Buffer.from(bytes.subarray(at, at + size))
    reader.read(piece)
    piece.fill('x')
    at += size
  }
  return passed
}

/** Whether bytes are whole messages, one after the other. */
function isWhole(bytes: Buffer): boolean {
  let at = 0
  while (at + 5 <= bytes.length) at += 1 + bytes.readUInt32BE(at + 1)
  return at === bytes.length
}

t.test('messages are whole, in order and unchanged, however they arrive', async () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 })
  const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 40 })
  fc.assert(
    fc.property(bodies, sizes, (bodies, sizes) => {
      const bytes = Buffer.concat(bodies.map(messageOf))
      const passed = readInPieces(bytes, sizes)
      return passed.every(isWhole) && Buffer.concat(passed).equals(bytes)
    }),
  )
})

t.test('a socket hands over whole messages, by address and by path', async (t) => {
  const message = messageOf(Buffer.alloc(300_000, 'a'))
  // Paths of sockets are short.
  const folder = mkdtempSync(join(tmpdir(), 'messages-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  for (const place of [0, join(folder, 'socket')]) {
    const server = createServer((socket) => socket.end(message)).listen(place)
    t.teardown(() => server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const where = typeof place === 'string' ? { path: place } : {}
    const { socket } = socketFor({ host: ['127.0.0.1'], port: [port], ssl: false, ...where })
    const opened = socket?.() as Socket
    const [passed] = await once(opened, 'data')
    t.ok(message.equals(passed))
    opened.destroy()
  }
})

t.test('what is encrypted, or has several servers, is left to the driver', async (t) => {
  t.strictSame(socketFor({ host: ['a'], port: [1], ssl: 'require' }), {})
  t.strictSame(socketFor({ host: ['a', 'b'], port: [1, 2], ssl: false }), {})
})
