import { describe, expect, test } from 'vitest'
import { groupAlive } from '../process.ts'
import { runAction, runPost } from '../run-action.ts'

const dir = new URL('actions/probe', import.meta.url).pathname

describe('runAction', () => {
  test('gives defaults of action.yml and collects outputs, state, environment, path and summary', async () => {
    const run = await runAction({ dir, inputs: { 'two words': 'a b' } })
    expect(run).toMatchObject({
      exitCode: 0,
      outputs: { text: 'from action.yml', 'two-words': 'a b' },
      state: { remember: 'me' },
      env: { PROBE_VARIABLE: 'from probe' },
      path: ['/probe/bin'],
      summary: '### Probe\n',
      masks: ['s3cret'],
      stderr: 'said on stderr\n',
    })
  })

  test('reads annotations with their properties and line breaks', async () => {
    const run = await runAction({ dir })
    expect(run.annotations).toEqual([{ level: 'warning', title: 'Careful', message: 'one\ntwo' }])
  })

  test('warns about inputs that the action does not have', async () => {
    const run = await runAction({ dir, inputs: { txet: 'typo' } })
    expect(run.annotations[0]?.message).toContain("Unexpected input(s) 'txet', valid inputs are ['text', ")
  })

  test('keeps the environment of whoever runs it out', async () => {
    process.env.AWS_PROFILE = 'private'
    const run = await runAction({ dir, inputs: { text: 'x' }, entry: '../environment.js' })
    delete process.env.AWS_PROFILE
    expect(JSON.parse(run.stdout)).not.toHaveProperty('AWS_PROFILE')
  })

  test('has the numbers of the repository and of its owner beside their names, unless a test gives others', async () => {
    const request = { dir, inputs: { text: 'x' }, entry: '../environment.js' }
    const seen = async (env: Record<string, string> = {}) =>
      JSON.parse((await runAction({ ...request, env })).stdout)

    const own = await seen()
    expect([own.GITHUB_REPOSITORY_ID, own.GITHUB_REPOSITORY_OWNER_ID]).toEqual(['700000001', '70000001'])
    const other = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_REPOSITORY_ID: '42' }
    expect(await seen(other)).toMatchObject(other)
  })

  test('reports the exit code', async () => {
    const run = await runAction({ dir, inputs: { 'exit-code': '3' } })
    expect(run.exitCode).toBe(3)
  })

  test('sends SIGINT when it is cancelled and lets the action end by itself', async () => {
    const cancel = new AbortController()
    const run = await runAction({
      dir,
      inputs: { wait: 'true' },
      signal: cancel.signal,
      onLine: line => line === 'waiting' && cancel.abort(),
    })
    expect(run.stdout).toContain('got SIGINT')
    expect(run.stdout).not.toContain('got SIGTERM')
  })

  test('names children that outlive the entry process, and ends them', async () => {
    const run = await runAction({ dir, inputs: { 'leave-child': 'true' } })
    expect(run.orphans).toBe(true)
    await expect.poll(() => groupAlive(run.group)).toBe(false)
  })

  test('runs the post step with the saved state', async () => {
    const main = await runAction({ dir })
    const post = await runPost({ dir }, main)
    expect(post.stdout).toBe('post remembers me\n')
  })
})
