import { processTerminal } from '../terminal.ts'
import { runKops } from './run-kops.ts'

process.exitCode = await runKops(process.argv.slice(2), processTerminal())
