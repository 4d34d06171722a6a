import { join } from 'node:path'
import { type ActionRun, runAction } from '@meridian/lab-runner'
import { labBoundary, startUniverse, type Universe } from '@meridian/lab-universe'
import { expect, test } from 'vitest'

const actions = join(import.meta.dirname, '../../actions')
const domain = 'k8s.example.com'

/** Each call is a GitHub run of its own; `onLine` hears what it says. */
function create({ env }: Universe, runId: string, onLine: (line: string) => void): Promise<ActionRun> {
  return runAction({
    dir: join(actions, 'create-cluster'),
    inputs: {
      domain,
      name: 'usa',
      zones: 'us-east-1a',
      'validate-count': '1',
      'permissions-boundary': labBoundary,
    },
    env: { ...env, GITHUB_RUN_ID: runId },
    onLine,
  })
}

function tearDown({ env }: Universe, runId: string): Promise<ActionRun> {
  return runAction({
    dir: join(actions, 'teardown'),
    inputs: { domain, clusters: '[{name: usa, region: us-east-1}]', scope: 'clusters,state' },
    env: { ...env, GITHUB_RUN_ID: runId },
  })
}

const left = ({ world }: Universe) => world.inventory.list().map(({ type }) => type)
const said = ({ annotations }: ActionRun) => annotations.map(({ message }) => message).join('\n')

test.concurrent.for([
  ['the first command begins', 'kops 1.'],
  ['kops makes things', 'Tasks: 0 done'],
  ['kops has made them', 'It should be ready in a few minutes'],
] as const)(
  'teardown that starts when %s leaves a whole cluster or nothing',
  async ([, sign], { onTestFinished }) => {
    const universe = await startUniverse({ scale: 3_000 })
    onTestFinished(universe.close)
    let removal: Promise<ActionRun> | undefined
    const creation = await create(universe, '1', line => {
      if (line.includes(sign)) removal ??= tearDown(universe, '2')
    })
    const removed = await removal

    expect(removed && said(removed)).toBe('')
    const rest = left(universe)
    expect(rest.filter(type => type === 'vpc').length).toBe(rest.length === 0 ? 0 : 1)
    // Who is left without a cluster is told: by the other run, or by its own end.
    if (creation.exitCode !== 0) expect(rest).toEqual([])

    expect(said(await tearDown(universe, '3'))).toBe('')
    expect(left(universe)).toEqual([])
  },
)
