import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const entry = join(import.meta.dirname, '../fixtures/action.ts')

/** Runs the sample action as GitHub's runner would; `signal` is sent as soon as it waits. */
async function runSample(
  inputs: Record<string, string>,
  options: { signal?: NodeJS.Signals; env?: Record<string, string> } = {},
) {
  const temp = mkdtempSync(join(tmpdir(), 'meridian-start-'))
  const files = Object.fromEntries(
    ['OUTPUT', 'STATE', 'STEP_SUMMARY', 'ENV'].map(name => [`GITHUB_${name}`, join(temp, name)]),
  )
  for (const file of Object.values(files)) writeFileSync(file, '')
  const given = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  )
  const child = spawn(process.execPath, [entry], {
    env: { PATH: process.env.PATH, RUNNER_TEMP: temp, ...files, ...given, ...options.env },
  })
  let stdout = ''
  child.stdout.on('data', chunk => {
    stdout += chunk
    if (options.signal && String(chunk).includes('waiting')) child.kill(options.signal)
  })
  const exitCode = await new Promise(resolve => child.on('close', resolve))
  const read = (name: string) => readFileSync(join(temp, name), 'utf8')
  const state = /meridian-scratch<<(\S+)\n(.*)\n/.exec(read('STATE'))?.[2]
  return {
    exitCode,
    stdout,
    outputs: read('OUTPUT'),
    summary: read('STEP_SUMMARY'),
    temp,
    state,
    scratch: state && String(JSON.parse(state).path),
  }
}

describe.concurrent('start', () => {
  test('runs to the end: exit code 0, outputs and summary written', async () => {
    const run = await runSample({ do: 'succeed' })
    expect(run.exitCode).toBe(0)
    expect(run.outputs).toContain('meridian-sample/1.2.3')
    expect(run.summary).toBe('# Done\n\n')
  })

  test('refuses bad inputs before anything else, in one annotation', async () => {
    const run = await runSample({ do: 'dance', timeout: 'soon' })
    expect(run.exitCode).toBe(1)
    expect(run.stdout.match(/::error/g)).toHaveLength(1)
    expect(run.stdout).toContain('%0A- timeout: ')
    expect(run.scratch).toBeUndefined()
  })

  test('prints a user error with its fix and without a stack, and keeps the outputs that were set', async () => {
    const run = await runSample({ do: 'refuse' })
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toContain('::error::zone x is not ours%0AGive another domain.')
    expect(run.stdout).toContain('What exists now: state bucket usa-state.\nRun teardown with clusters: usa.')
    // The failure itself says what to do.
    expect(run.stdout).not.toContain('Run this again.')
    expect(run.stdout).not.toContain('\n    at ')
    expect(run.outputs).toContain('meridian-sample/1.2.3')
  })

  test('prints our own failures with stack and causes, folded', async () => {
    const run = await runSample({ do: 'break' })
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toContain('Run this again.')
    expect(run.stdout).toMatch(
      /::group::Details[\s\S]*surprise[\s\S]*caused by: Error: deep down[\s\S]*::endgroup::/,
    )
  })

  test('fails on a rejection that nobody awaits', async () => {
    const run = await runSample({ do: 'stray' })
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toContain('::error::nobody waits for this')
  })

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'on %s ends at once, names what exists and how to remove it',
    async signal => {
      const run = await runSample({ do: 'wait' }, { signal })
      expect(run.exitCode).toBe(1)
      expect(run.stdout).toContain(`::error::The run was cancelled by ${signal}.`)
      expect(run.stdout).toContain(
        'What exists now: state bucket usa-state.\nRun teardown with clusters: usa.',
      )
    },
  )

  test('on SIGINT ends by itself even when something does not listen', async () => {
    const run = await runSample({ do: 'hang' }, { signal: 'SIGINT' })
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toContain('What exists now')
  })

  test('ends when its timeout has passed', async () => {
    const run = await runSample({ do: 'wait', timeout: '1s' })
    expect(run.stdout).toContain("::error::the action's timeout of 1s has passed")
  })

  test('keeps what matters of a summary that is too large, and prints the whole', async () => {
    const run = await runSample({ do: 'succeed', rows: '50000' })
    expect(Buffer.byteLength(run.summary)).toBeLessThan(1024 * 1024)
    expect(run.summary).toMatch(/^# Done\n/)
    expect(run.summary).toContain('**Cut here:** GitHub takes 1 MiB')
    expect(run.stdout).toContain('row 49999')
  })

  test('says which file of the runner cannot be written, before it does anything', async () => {
    const run = await runSample({ do: 'succeed' }, { env: { GITHUB_STATE: '/nowhere/state' } })
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toMatch(
      /::error::the file that GITHUB_STATE names cannot be written: .*%0AThe runner makes/,
    )
    expect(run.scratch).toBeUndefined()
  })

  test('shows requests and children to who asked GitHub for the debug log, without what may be secret', async () => {
    const { stdout } = await runSample({ do: 'ask' }, { env: { RUNNER_DEBUG: '1' } })
    expect(
      stdout.match(/::debug::GET http:\/\/127\.0\.0\.1(:\d+)?\/a\?signature answered 200/g),
    ).toHaveLength(2)
    expect(stdout).toMatch(/::debug::process \d+ started: true hello\n/)
    expect(stdout).toMatch(/::debug::process \d+ ended: 0\n/)
    expect(stdout).not.toContain('hush')
    expect((await runSample({ do: 'ask' })).stdout).not.toContain('::debug::')
  })

  describe('as the post step', () => {
    const post = (state: string, temp: string) =>
      runSample(
        {},
        { env: { 'STATE_meridian-started': 'true', 'STATE_meridian-scratch': state, RUNNER_TEMP: temp } },
      )
    const succeed = async () => {
      const { scratch = '', state = '', temp } = await runSample({ do: 'succeed' })
      return { scratch, state, temp }
    }

    test('only removes the scratch files', async () => {
      const { scratch, state, temp } = await succeed()
      expect(existsSync(join(scratch, 'kubeconfig'))).toBe(true)
      expect((await post(state, temp)).exitCode).toBe(0)
      expect(existsSync(scratch)).toBe(false)
    })

    test('keeps a directory that lies where its own was', async () => {
      const { scratch, state, temp } = await succeed()
      renameSync(scratch, join(temp, 'moved'))
      mkdirSync(scratch)
      expect((await post(state, temp)).stdout).toContain(
        `${scratch} stays: it is not what this action has made.`,
      )
      expect(existsSync(scratch)).toBe(true)
    })

    test.each([
      ['in another place', (state: string) => state, tmpdir()],
      ['that is garbled', () => '/etc', undefined],
    ])('keeps what a state names %s', async (_, change, elsewhere) => {
      const { scratch, state, temp } = await succeed()
      const run = await post(change(state), elsewhere ?? temp)
      expect([run.exitCode, existsSync(scratch)]).toEqual([0, true])
      expect(run.stdout).toContain('::warning::')
    })
  })
})
