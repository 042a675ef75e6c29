import { readFileSync } from 'node:fs'

const { version: written } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** The version of openRMAT, as package.json has it. */
export const version: string = written
