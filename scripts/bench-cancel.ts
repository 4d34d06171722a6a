import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from './action-files.ts'

/** Milliseconds after which GitHub sends SIGTERM to an action that it has cancelled. */
const budget = 7500

/** Prints how long a cancelled action takes to end when what it waits for does not listen to the cancellation. */
export async function benchCancel(): Promise<void> {
  const temp = mkdtempSync(join(tmpdir(), 'meridian-bench-'))
  const names = ['OUTPUT', 'STATE', 'STEP_SUMMARY', 'ENV'].map(name => `GITHUB_${name}`)
  const files = Object.fromEntries(names.map(name => [name, join(temp, name)]))
  for (const file of Object.values(files)) writeFileSync(file, '')
  const entry = join(repository, 'packages/runner/test/fixtures/action.ts')
  const env = { PATH: process.env.PATH, RUNNER_TEMP: temp, ...files, INPUT_DO: 'hang' }
  const child = spawn(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let cancelled = 0
  child.stdout.on('data', chunk => {
    if (cancelled > 0 || !String(chunk).includes('waiting')) return
    cancelled = performance.now()
    child.kill('SIGINT')
  })
  await new Promise(resolve => child.once('close', resolve))
  const seconds = (performance.now() - cancelled) / 1000
  console.log(`a cancelled action ends after ${seconds.toFixed(1)} s (budget ${budget / 1000} s)`)
  if (seconds * 1000 > budget) process.exitCode = 1
}
