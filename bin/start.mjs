#!/usr/bin/env node
// Runs the service in this process.
import { mainOf } from './build.mjs'

const main = await mainOf('server.js')
await main(process.argv.slice(2))
