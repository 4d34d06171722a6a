import { repositorySlug } from '@meridian/lab-world'
import { describe, expect, test } from 'vitest'
import type { JobIdentity } from '../run-context.ts'
import { results, run } from './repository.ts'

const dispatch = 'on: workflow_dispatch'
const called = `
on:
  workflow_call:
    outputs: { seen: { description: What it saw., value: "\${{ jobs.look.outputs.seen }}" } }
permissions: {}
jobs:
  look:
    runs-on: ubuntu-24.04
    permissions: { contents: read }
    outputs: { seen: "\${{ steps.look.outputs.seen }}" }
    steps:
      - uses: actions/checkout@v7
      - id: look
        run: echo "seen=$GITHUB_REPOSITORY \${{ github.workflow }} $(cat whose) \${{ vars.COLOR }}" >> "$GITHUB_OUTPUT"
`
const app = { slug: 'acme/shop', id: '1', ownerId: '2' }

describe('a workflow of another repository', () => {
  const call = `
name: Caller
${dispatch}
jobs:
  call: { uses: acme/platform/.github/workflows/called.yml@main }
  use: { needs: call, runs-on: ubuntu-24.04, steps: [{ run: "echo '\${{ needs.call.outputs.seen }}'" }] }
`

  test('runs in the name of the caller: its repository, files, variables and workflow name', async () => {
    const ended = await run(call, {
      repository: app,
      vars: { COLOR: 'blue' },
      files: { whose: 'the-callers' },
      others: { 'acme/platform': { '.github/workflows/called.yml': called, whose: 'the-platforms' } },
    })
    expect(ended.jobs[1]?.steps[0]?.log).toEqual(['acme/shop Caller the-callers blue'])
  })

  test('finds what it calls by ./ in its own repository, and its steps by ./ in the workspace', async () => {
    const outer = `
on: workflow_call
jobs:
  inner: { uses: ./.github/workflows/inner.yml }
`
    const inner = `
on: workflow_call
jobs:
  job: { runs-on: ubuntu-24.04, steps: [{ uses: ./actions/probe, with: { text: x } }] }
`
    const ended = await run(call, {
      others: {
        'acme/platform': { '.github/workflows/called.yml': outer, '.github/workflows/inner.yml': inner },
      },
    })
    expect(ended.jobs[0]?.name).toBe('call / inner / job')
    expect(ended.jobs[0]?.steps[0]?.log.join()).toContain('Did you forget to run actions/checkout')
  })

  test('is looked for by the ref first', async () => {
    const ended = await run(call.replace('@main', '@v1'), {
      files: { whose: 'mine' },
      others: {
        'acme/platform': {},
        'acme/platform@v1': { '.github/workflows/called.yml': called },
      },
    })
    expect(ended.result).toBe('success')
  })
})

test.each([
  ['that it does not declare', 'secrets: { other: x, key: y }', 'Invalid secret, other is not defined'],
  ['less than it needs', 'secrets: {}', 'Secret key is required, but not provided while calling.'],
])('a workflow is not called with secrets %s', async (_, secrets, message) => {
  const wants = called.replace('workflow_call:', 'workflow_call:\n    secrets: { key: { required: true } }')
  await expect(
    run(
      `${dispatch}\njobs: { call: { uses: acme/platform/.github/workflows/called.yml@main, ${secrets} } }`,
      {
        others: { 'acme/platform': { '.github/workflows/called.yml': wants } },
      },
    ),
  ).rejects.toThrow(message)
})

describe('an action of another repository', () => {
  test('needs no checkout, and is told where it comes from', async () => {
    const ended = await run(
      `
${dispatch}
jobs:
  job:
    runs-on: ubuntu-24.04
    steps:
      - { uses: acme/platform/actions/probe@main, id: probe, with: { text: hello } }
      - { run: 'echo "$PROBE_VARIABLE, \${{ steps.probe.outputs.text }}"' }
`,
      { others: { 'acme/platform': {} } },
    )
    const steps = ended.jobs[0]?.steps ?? []
    expect(steps[1]?.log).toEqual(['from probe, hello'])
    expect(steps.at(-1)?.log).toEqual(['post remembers me'])
  })

  test('may be made of steps, with inputs, outputs and an environment that outlives them', async () => {
    const composite = `
name: Greet
description: Greets.
inputs: { name: { description: Whom., default: "\${{ github.repository }}" } }
outputs: { said: { description: What was said., value: "\${{ steps.say.outputs.said }}" } }
runs:
  using: composite
  steps:
    - id: say
      shell: bash
      env: { NAME: "\${{ inputs.name }}" }
      run: |
        echo "said=hello $NAME" >> "$GITHUB_OUTPUT"
        echo "GREETED=$(cat "$GITHUB_ACTION_PATH/mark")" >> "$GITHUB_ENV"
    - uses: acme/platform/actions/probe@main
      with: { text: nested }
`
    const ended = await run(
      `
${dispatch}
jobs:
  job:
    runs-on: ubuntu-24.04
    steps:
      - { uses: acme/platform/greet@main, id: greet }
      - run: echo "$GREETED; \${{ steps.greet.outputs.said }}; \${{ steps.say.outputs.said }}; $PROBE_VARIABLE"
`,
      { others: { 'acme/platform': { 'greet/action.yml': composite, 'greet/mark': 'marked' } } },
    )
    const steps = ended.jobs[0]?.steps ?? []
    expect(steps[1]?.log).toEqual([`marked; hello ${repositorySlug()}; ; from probe`])
    expect(steps.at(-1)?.name).toBe('Post acme/platform/actions/probe@main')
  })

  test('of steps fails with the first of them that does', async () => {
    const composite = `
name: Fail
description: Fails.
runs:
  using: composite
  steps:
    - { shell: bash, run: exit 4 }
    - { shell: bash, run: echo never }
    - { if: always(), shell: bash, run: echo cleaned }
`
    const ended = await run(
      `\n${dispatch}\njobs: { job: { runs-on: ubuntu-24.04, steps: [{ uses: acme/platform/fail@main }] } }\n`,
      { others: { 'acme/platform': { 'fail/action.yml': composite } } },
    )
    expect(ended.result).toBe('failure')
    expect(ended.jobs[0]?.steps[0]?.log).toEqual(['cleaned'])
  })
})

describe('permissions', () => {
  const asking = `
${dispatch}
permissions: {}
jobs:
  none: { runs-on: ubuntu-24.04, steps: [{ run: 'echo "\${ACTIONS_ID_TOKEN_REQUEST_URL-none} \${{ github.token }}"' }] }
  some:
    permissions: { id-token: write, pull-requests: read }
    environment: production
    runs-on: ubuntu-24.04
    steps: [{ run: 'echo "\${ACTIONS_ID_TOKEN_REQUEST_URL-none} \${{ vars.SIZE }}"' }]
`

  test('decide about tokens, which say whose job it is and what it may do', async () => {
    const asked: JobIdentity[] = []
    const ended = await run(asking, {
      repository: app,
      env: { PATH: process.env.PATH, ACTIONS_ID_TOKEN_REQUEST_URL: 'http://machine' },
      vars: { SIZE: 's' },
      environments: { production: { vars: { SIZE: 'xl' } } },
      tokens: {
        githubToken: job => `token-of-${job.job}`,
        idToken: job => {
          asked.push(job)
          return { ACTIONS_ID_TOKEN_REQUEST_URL: 'http://github' }
        },
      },
    })
    expect(ended.jobs.map(job => job.steps[0]?.log[0])).toEqual(['none ***', 'http://github xl'])
    expect(asked).toMatchObject([
      {
        repository: app,
        job: 'some',
        environment: 'production',
        permissions: { 'id-token': 'write', 'pull-requests': 'read' },
        jobWorkflowRef: 'acme/shop/.github/workflows/test.yml@refs/heads/main',
      },
    ])
  })

  test('of a called job may not exceed those of its caller', async () => {
    const call = (rest: string) =>
      `${dispatch}\njobs: { call: { uses: acme/platform/.github/workflows/called.yml@main, ${rest} } }`
    const others = { 'acme/platform': { '.github/workflows/called.yml': called } }
    await expect(run(call('permissions: { id-token: write }'), { others })).rejects.toThrow(
      "Error calling workflow 'acme/platform/.github/workflows/called.yml@main'. The nested job 'look' is " +
        "requesting 'contents: read', but is only allowed 'contents: none'.",
    )
  })

  test('let nothing be checked out without `contents: read`', async () => {
    const ended = await run(`
${dispatch}
permissions: {}
jobs: { job: { runs-on: ubuntu-24.04, steps: [{ uses: actions/checkout@v7 }] } }
`)
    expect(ended.jobs[0]?.steps[0]?.log.join()).toContain('Repository not found')
  })
})

test('steps side by side see nothing of each other, and leave what they write to those after them', async () => {
  const ended = await run(`
${dispatch}
jobs:
  job:
    runs-on: ubuntu-24.04
    steps:
      - parallel:
          - { id: a, run: 'echo "X=a" >> "$GITHUB_ENV"; echo "o=1" >> "$GITHUB_OUTPUT"; echo ready > "$RUNNER_TEMP/a"' }
          - { id: b, run: 'until test -e "$RUNNER_TEMP/a"; do :; done; echo "Y=b\${X-}" >> "$GITHUB_ENV"' }
          - { if: false, run: exit 1 }
      - run: echo "$X $Y \${{ steps.a.outputs.o }}"
`)
  expect(results(ended)).toEqual({ job: 'success' })
  expect(ended.jobs[0]?.steps.at(-1)?.log).toEqual(['a b 1'])
})
