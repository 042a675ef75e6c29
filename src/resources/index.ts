import { readdir } from 'node:fs/promises'
import type { FastifyPluginAsync } from 'fastify'

const here = new URL('./', import.meta.url)

/** The routes of every folder beside this file that has some: a new resource is a new folder, and nothing else. */
export async function loadRoutes(): Promise<FastifyPluginAsync[]> {
  const files = await readdir(here, { recursive: true })
  const routes = files.filter((file) => /^[a-z-]+[\\/]routes\.[jt]s$/.test(file)).sort()
  const modules = await Promise.all(
    routes.map((file) => import(`./${file.replace('\\', '/').replace(/\.ts$/, '.js')}`)),
  )
  return modules.map((module) => module.default)
}
