import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositorySlug } from '@meridian/lab-world'
import { describe, expect, onTestFinished, test } from 'vitest'
import { results, run } from './repository.ts'

const dispatch = 'on: workflow_dispatch'

describe('jobs', () => {
  test('hand outputs to the jobs that need them', async () => {
    const ended = await run(`
${dispatch}
jobs:
  first:
    runs-on: ubuntu-24.04
    outputs: { word: "\${{ steps.say.outputs.word }}" }
    steps:
      - id: say
        run: echo word=hello >> "$GITHUB_OUTPUT"
  second:
    needs: first
    runs-on: ubuntu-24.04
    outputs: { words: "\${{ steps.say.outputs.words }}" }
    steps:
      - id: say
        env: { WORD: "\${{ needs.first.outputs.word }}" }
        run: echo "words=$WORD $GITHUB_REPOSITORY" >> "$GITHUB_OUTPUT"
`)
    expect(ended.jobOutputs.second).toEqual({ words: `hello ${repositorySlug()}` })
  })

  test('after a failed one are skipped, except for always() and failure()', async () => {
    const ended = await run(`
${dispatch}
jobs:
  broken: { runs-on: ubuntu-24.04, steps: [{ run: exit 3 }] }
  next: { needs: broken, runs-on: ubuntu-24.04, steps: [{ run: 'true' }] }
  after-next: { needs: next, runs-on: ubuntu-24.04, steps: [{ run: 'true' }] }
  clean: { needs: [broken, next], if: always(), runs-on: ubuntu-24.04, steps: [{ run: 'true' }] }
  told: { needs: after-next, if: failure(), runs-on: ubuntu-24.04, steps: [{ run: 'true' }] }
`)
    expect(ended.result).toBe('failure')
    expect(results(ended)).toEqual({
      broken: 'failure',
      next: 'skipped',
      'after-next': 'skipped',
      clean: 'success',
      told: 'success',
    })
  })

  test('run once for each leg of a matrix that an input describes', async () => {
    const ended = await run(
      `
on: { workflow_dispatch: { inputs: { clusters: { type: string, required: true } } } }
jobs:
  clusters:
    name: cluster \${{ matrix.cluster.name }}
    strategy: { matrix: { cluster: "\${{ fromJSON(inputs.clusters) }}" } }
    runs-on: ubuntu-24.04
    steps: [{ run: 'true' }]
`,
      { inputs: { clusters: '[{"name":"usa"},{"name":"eur"}]' } },
    )
    expect(results(ended)).toEqual({ 'cluster usa': 'success', 'cluster eur': 'success' })
  })

  test('cancel the other legs of a matrix when one fails', async () => {
    const ended = await run(`
${dispatch}
jobs:
  legs:
    strategy: { matrix: { leg: [bad, slow] } }
    runs-on: ubuntu-24.04
    steps:
      - if: matrix.leg == 'bad'
        run: exit 1
      - run: exec sleep 60
`)
    expect(results(ended)).toEqual({ 'legs (bad)': 'failure', 'legs (slow)': 'cancelled' })
  })

  test('keep the other legs going without fail-fast', async () => {
    const ended = await run(`
${dispatch}
jobs:
  legs:
    strategy: { fail-fast: false, max-parallel: 1, matrix: { leg: [bad, good] } }
    runs-on: ubuntu-24.04
    steps: [{ run: 'test "\${{ matrix.leg }}" = good' }]
`)
    expect(results(ended)).toEqual({ 'legs (bad)': 'failure', 'legs (good)': 'success' })
  })

  test('lose outputs that contain a masked value, with a warning', async () => {
    const ended = await run(`
${dispatch}
jobs:
  job:
    runs-on: ubuntu-24.04
    outputs: { leaked: "\${{ steps.say.outputs.leaked }}", fine: "\${{ steps.say.outputs.fine }}" }
    steps:
      - id: say
        run: |
          echo ::add-mask::hunter2
          echo leaked=x-hunter2 >> "$GITHUB_OUTPUT"
          echo fine=yes >> "$GITHUB_OUTPUT"
          echo the word is hunter2
`)
    expect(ended.jobOutputs.job).toEqual({ fine: 'yes' })
    const step = ended.jobs[0]?.steps[0]
    expect(step?.annotations[0]?.message).toBe("Skip output 'leaked' since it may contain secret.")
    expect(step?.log).toEqual(['the word is ***'])
  })

  test('are cancelled when they exceed timeout-minutes', async () => {
    const ended = await run(`
${dispatch}
jobs:
  slow: { runs-on: ubuntu-24.04, timeout-minutes: 0.002, steps: [{ run: exec sleep 60 }] }
`)
    expect(results(ended)).toEqual({ slow: 'cancelled' })
  })
})

describe('steps', () => {
  test('run local actions from the checked out workspace, and their post steps at the end', async () => {
    const ended = await run(`
${dispatch}
jobs:
  job:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v6
      - uses: ./actions/probe
        id: probe
        with: { text: "from \${{ github.job }}" }
      - name: show
        run: echo "$PROBE_VARIABLE, $PATH, \${{ steps.probe.outputs.text }}"
`)
    const steps = ended.jobs[0]?.steps ?? []
    expect(steps.map(step => step.name)).toEqual([
      'Run actions/checkout',
      'Run ./actions/probe',
      'show',
      'Post ./actions/probe',
    ])
    expect(steps[2]?.log[0]).toMatch(/^from probe, \/probe\/bin:.*, from job$/)
    expect(steps[3]?.log).toEqual(['post remembers me'])
  })

  test('check out what `ref` names, and fail where the repository has no such thing', async () => {
    const other = await mkdtemp(join(tmpdir(), 'meridian-other-'))
    onTestFinished(() => rm(other, { recursive: true }))
    await writeFile(join(other, 'only-there'), '')
    const job = (ref: string) =>
      `{ runs-on: ubuntu-24.04, steps: [{ uses: actions/checkout@v6, with: { ref: "${ref}" } }, { run: ls only-there }] }`
    const ended = await run(
      `${dispatch}\njobs: { there: ${job('release')}, here: ${job('main')}, nowhere: ${job('gone')} }`,
      { commits: ref => (ref === 'release' ? other : undefined) },
    )
    expect(results(ended)).toEqual({ there: 'success', here: 'failure', nowhere: 'failure' })
    const [, here, nowhere] = ended.jobs
    expect(here?.steps.map(step => step.conclusion)).toEqual(['success', 'failure'])
    expect(nowhere?.steps[0]?.annotations[0]?.message).toBe(
      "A branch, tag or commit with the name 'gone' could not be found",
    )
  })

  test('cannot use a local action before the checkout', async () => {
    const ended = await run(`
${dispatch}
jobs: { job: { runs-on: ubuntu-24.04, steps: [{ uses: ./actions/probe }] } }
`)
    expect(ended.jobs[0]?.steps[0]?.annotations[0]?.message).toContain(
      'Did you forget to run actions/checkout',
    )
  })

  test('may fail without harm when they continue on error', async () => {
    const ended = await run(`
${dispatch}
jobs:
  job:
    runs-on: ubuntu-24.04
    outputs: { seen: "\${{ steps.bad.outcome }} \${{ steps.bad.conclusion }}" }
    steps: [{ id: bad, run: exit 1, continue-on-error: true }]
`)
    expect(ended.result).toBe('success')
    expect(ended.jobOutputs.job).toEqual({ seen: 'failure success' })
  })

  test('with always() still run after a cancellation', async () => {
    const cancel = new AbortController()
    const ended = await run(
      `
${dispatch}
jobs:
  job:
    runs-on: ubuntu-24.04
    steps:
      - run: echo started; exec sleep 60
      - run: 'true'
      - if: always()
        run: echo cleaned
  later: { needs: job, runs-on: ubuntu-24.04, steps: [{ run: 'true' }] }
`,
      {
        signal: cancel.signal,
        onEvent: event => event.type === 'line' && event.text === 'started' && cancel.abort(),
      },
    )
    expect(results(ended)).toEqual({ job: 'cancelled', later: 'cancelled' })
    expect(ended.jobs[0]?.steps.map(step => step.conclusion)).toEqual(['cancelled', 'skipped', 'success'])
  })
})

describe('called workflows', () => {
  const called = `
on:
  workflow_call:
    inputs: { name: { type: string, required: true }, loud: { type: boolean, default: true } }
    outputs: { greeting: { description: The greeting., value: "\${{ jobs.greet.outputs.text }}" } }
jobs:
  greet:
    runs-on: ubuntu-24.04
    outputs: { text: "\${{ steps.say.outputs.text }}" }
    steps: [{ id: say, run: 'echo "text=hello \${{ inputs.name }} \${{ inputs.loud }}" >> "$GITHUB_OUTPUT"' }]
`

  test('get typed inputs and give outputs back', async () => {
    const ended = await run(
      `
${dispatch}
jobs:
  call: { uses: ./.github/workflows/called.yml, with: { name: world } }
  use:
    needs: call
    runs-on: ubuntu-24.04
    steps: [{ run: "echo '\${{ needs.call.outputs.greeting }}'" }]
`,
      { files: { '.github/workflows/called.yml': called } },
    )
    expect(ended.jobs.map(job => job.name)).toEqual(['call / greet', 'use'])
    expect(ended.jobs[1]?.steps[0]?.log).toEqual(['hello world true'])
  })

  test('fail the calling job when an input is missing', async () => {
    const ended = await run(`\n${dispatch}\njobs: { call: { uses: ./.github/workflows/called.yml } }\n`, {
      files: { '.github/workflows/called.yml': called },
    })
    expect(ended.jobs[0]?.steps[0]?.log[0]).toContain('input "name" is required')
  })
})

describe('a workflow is refused before anything runs', () => {
  const job = (rest: string): string => `${dispatch}\njobs: { job: { ${rest} } }`

  test.each([
    ['a schema error', job('runs-on: ubuntu-24.04, steps: [], color: blue'), /Unexpected value 'color'/],
    [
      'an unknown need',
      job('needs: nobody, runs-on: ubuntu-24.04, steps: [{ run: a }]'),
      /at least one job with no dependencies/,
    ],
    [
      'a container',
      job('container: alpine, runs-on: ubuntu-24.04, steps: [{ run: a }]'),
      /container is not supported/,
    ],
    [
      'a foreign action',
      job('runs-on: ubuntu-24.04, steps: [{ uses: a/b@v1 }]'),
      /a\/b@v1 is not among the repositories/,
    ],
    ['another machine', job('runs-on: windows-2025, steps: [{ run: a }]'), /only ubuntu/],
    [
      'an option of checkout',
      job('runs-on: ubuntu-24.04, steps: [{ uses: actions/checkout@v6, with: { path: x } }]'),
      /path is not supported/,
    ],
  ])('for %s', async (_, workflow, message) => {
    await expect(run(workflow)).rejects.toThrow(message)
  })

  test('for inputs that are wrong, all named at once', async () => {
    const workflow = `
on: { workflow_dispatch: { inputs: { size: { type: choice, options: [s, m], default: s }, name: { type: string, required: true } } } }
jobs: { job: { runs-on: ubuntu-24.04, steps: [{ run: 'true' }] } }
`
    await expect(run(workflow, { inputs: { size: 'xl', nmae: 'x' } })).rejects.toThrow(
      'invalid workflow inputs: there is no input "nmae"; known are size, name; ' +
        'input "size": "xl" is not one of s, m; input "name" is required',
    )
  })
})
