// Fastify with nothing behind it: a text of a given size, the limit of what its HTTP can do.
import Fastify from 'fastify'

const texts = new Map()

function textOf(bytes) {
  if (!texts.has(bytes))
    texts.set(bytes, JSON.stringify({ text: ''.padEnd(bytes - '{"text":""}'.length, 'x') }))
  return texts.get(bytes)
}

const app = Fastify({ logger: false })
app.get('/static/:bytes', (request, reply) =>
  reply.type('application/json; charset=utf-8').send(textOf(Number(request.params.bytes))),
)
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
