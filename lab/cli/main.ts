import { enableCompileCache } from 'node:module'
import { readArguments, UsageError } from './arguments.ts'
import { help } from './help.ts'

// Hundreds of small modules: the second start takes half the time.
enableCompileCache()

/** Exit codes: 0 all well, 1 something failed, 2 the command line makes no sense. */
async function main(): Promise<number> {
  const command = readArguments(process.argv.slice(2))
  if (command === 'help') {
    process.stdout.write(help)
    return 0
  }
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort())
  // Whoever read along has gone (`| head -1`): the world ends in order, with all its folders.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => interrupted.abort())
  // Loaded only now: a wrong command line is answered at once.
  if (command.name === 'serve') return (await import('./serve.ts')).serve(command, interrupted.signal)
  return (await import('./run-story.ts')).runStory(command, interrupted.signal)
}

try {
  process.exitCode = await main()
} catch (error) {
  const known = error instanceof UsageError || (error instanceof Error && error.name === 'InvalidInputsError')
  process.stderr.write(
    `lab: ${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  )
  process.exitCode = known ? 2 : 1
}
