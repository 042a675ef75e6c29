import type { FastifyInstance, InjectOptions } from 'fastify'
import type { Test } from 'tap'
import { buildApp } from '../../src/app.js'
import type { Database } from '../../src/db/connection.js'
import { testDatabase } from './database.js'

/** An answer of the service, its body read as JSON where it is JSON. */
export interface Answer {
  status: number
  headers: Record<string, string | string[] | number | undefined>
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any
}

/** The body of an answer, or a part of it: records of every kind are looked into. */
export type Body = Answer['body']

/** The service on a database of its own, and a short way to ask it. */
export interface TestApp {
  app: FastifyInstance
  database: Database
  ask(
    method: InjectOptions['method'],
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>
}

/** The whole service on real PostgreSQL, without a port. */
export async function testApp(t: Test, options: Parameters<typeof testDatabase>[1] = {}): Promise<TestApp> {
  const { database } = await testDatabase(t, options)
  const app = await buildApp({ database })
  t.teardown(() => app.close())
  return {
    app,
    database,
    async ask(method, url, body, headers = {}) {
      const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
      const type = body === undefined ? {} : { 'content-type': 'application/json' }
      const answer = await app.inject({
        method: method ?? 'GET',
        url,
        headers: { ...type, ...headers },
        ...payload,
      })
      const isJson = /\/(?:[\w.-]+\+)?json/.test(String(answer.headers['content-type'])) && answer.body !== ''
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text: answer.body,
        body: isJson ? JSON.parse(answer.body) : undefined,
      }
    },
  }
}
