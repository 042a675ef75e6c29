import compress from '@fastify/compress'
import type { onSendHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { codings, leastCoded } from '../http/coding.js'
import { codedTag } from '../http/conditional.js'

/** What becomes smaller: text, and JSON, XML and YAML whatever they are called. */
const compressible = /^text\/|[/+-](?:json|ndjson|xml|yaml|javascript)\b/

/** Compresses what is longer than a packet as the client likes it best. */
export const compressionPlugin = fp(
  async (app) => {
    const options = { encodings: codings, threshold: leastCoded, customTypes: compressible }
    await app.register(compress, options)
    app.addHook('onRoute', (route) => {
      // There is one at least: that of the compression.
      const handlers = [route.onSend as onSendHookHandler].flat()
      // What takes away the body of a HEAD comes after what compresses it: its headers are those of GET.
      route.onSend = [...(route.method === 'HEAD' ? handlers.reverse() : handlers), nameCoding]
    })
  },
  { name: 'compression', fastify: '5.x' },
)

/** A strong tag names bytes: those of a compressed answer are others (RFC 9110, section 8.8.3.3). */
const nameCoding: onSendHookHandler = (_, reply, __, done) => {
  const coding = reply.getHeader('content-encoding')
  const etag = String(reply.getHeader('etag'))
  if (coding !== undefined && etag.startsWith('"')) reply.header('etag', codedTag(etag, String(coding)))
  done()
}
