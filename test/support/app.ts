import type { FastifyInstance, InjectOptions } from 'fastify'
import type { Test } from 'tap'
import { type AppOptions, buildApp } from '../../src/app.js'
import type { Database } from '../../src/db/connection.js'
import type { Scope } from '../../src/domain/vocabularies.js'
import { createKey } from '../../src/keys/store.js'
import { authorization, testDatabase } from './database.js'

export { adminKey, authorization } from './database.js'

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

/** The headers of a request without a key, where `ask` would send one. */
export const withoutKey = { authorization: '' }

/** The headers of a request with a new key. */
export async function withKey(database: Database, scope: Scope): Promise<{ authorization: string }> {
  const { key } = await createKey(database, { name: `A test that may ${scope}`, scope, expiresAt: null })
  return { authorization: `Bearer ${key}` }
}

interface TestAppOptions extends NonNullable<Parameters<typeof testDatabase>[1]> {
  /** What the service is built with besides its database. */
  app?: Omit<AppOptions, 'database'>
}

/** The service on a database of its own, and a short way to ask it. */
export interface TestApp {
  app: FastifyInstance
  database: Database
  /** Asks with a key that may do everything, unless the headers say otherwise. */
  ask(
    method: InjectOptions['method'],
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>
}

/** The whole service on real PostgreSQL, without a port. */
export async function testApp(t: Test, { app: options, ...rest }: TestAppOptions = {}): Promise<TestApp> {
  const { database } = await testDatabase(t, rest)
  const app = await buildApp({ database, ...options })
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
        headers: { authorization, ...type, ...headers },
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
