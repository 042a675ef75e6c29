#!/usr/bin/env node
// Runs a command of src/cli in this process: `node bin/run.mjs seed`.
import { mainOf } from './build.mjs'

const [command, ...parameters] = process.argv.slice(2)
const main = await mainOf(`cli/${command}.js`)
process.exitCode = await main(parameters)
