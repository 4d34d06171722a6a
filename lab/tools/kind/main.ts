import { processTerminal } from '../terminal.ts'
import { runKind } from './run-kind.ts'

process.exitCode = await runKind(process.argv.slice(2), processTerminal())
