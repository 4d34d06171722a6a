import { join } from 'node:path'
import { type ActionRun, byWorldClock, runAction } from '@meridian/lab-runner'
import { clusterInput, type LabClusters, startClusters } from '@meridian/lab-universe/testing'
import { expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const names = ['usa', 'eur'] as const
const clusters = clusterInput(names)
const fullName = (name: string) => `${name}.k8s.example.com`

/**
 * Two clusters in a world in which a minute takes three seconds, for those who live by its clock: who holds a lease has to be
 * heard within it, also on a machine that does other things.
 */
async function open(): Promise<LabClusters> {
  const lab = await startClusters(names, { scale: 20, dates: 'scaled' })
  onTestFinished(lab.close)
  return lab
}

type Action = 'federate' | 'deploy-federated-app' | 'teardown'
const inputsOf: Record<Action, Record<string, string>> = {
  federate: { timeout: '40m' },
  'deploy-federated-app': { manifests: 'examples/hugo-app', timeout: '40m' },
  teardown: { scope: 'app,federation', timeout: '40m' },
}

const run = ({ universe, env }: LabClusters, action: Action): Promise<ActionRun> =>
  runAction({
    dir: join(root, 'actions', action),
    entry: 'src/main.ts',
    workspace: root,
    inputs: { domain: universe.domain, clusters, ...inputsOf[action] },
    env: { ...env, ...byWorldClock(universe.world) },
  })

const said = ({ exitCode, annotations }: ActionRun) => [exitCode, annotations.map(({ message }) => message)]

/** What has to be there before an action has something to do. */
async function before(lab: LabClusters, action: Action): Promise<void> {
  const earlier: Record<Action, Action[]> = {
    federate: [],
    'deploy-federated-app': ['federate'],
    teardown: ['federate', 'deploy-federated-app'],
  }
  for (const each of earlier[action]) expect(said(await run(lab, each))).toEqual([0, []])
}

/** Takes an API away for four minutes at the action's request of that number to it; resolves when it is back. */
function takeAwayAt({ universe }: LabClusters, server: string, nth: number): Promise<void> {
  const { world, clusters } = universe
  const { promise, resolve } = Promise.withResolvers<void>()
  const onStrike = () => {
    const back = clusters.takeAway(fullName(server), 'refused')
    world.clock.after(240, () => {
      back()
      resolve()
    })
  }
  world.faults.requests.plan({ nth, server: fullName(server), onStrike })
  return promise
}

test.each(['usa', 'eur'])(
  'teardown waits for the API of %s while it is away for four minutes',
  async server => {
    const lab = await open()
    await before(lab, 'teardown')
    void takeAwayAt(lab, server, 4)
    expect(said(await run(lab, 'teardown'))).toEqual([0, []])
  },
)

test.each<[Action, string, number, RegExp]>([
  ['federate', 'usa', 8, /^(?=.*api-usa\.).*[Rr]un (this )?again/s],
  ['federate', 'eur', 6, /eur \(eu-west-1\) no longer answers.*run this again: it goes on where it stopped/s],
  ['deploy-federated-app', 'usa', 3, /^(?=.*api-usa\.).*[Rr]un again/s],
])(
  '%s says that the API of %s is away, and goes on once it is back and run again',
  async (action, server, nth, words) => {
    const lab = await open()
    await before(lab, action)
    const back = takeAwayAt(lab, server, nth)
    expect(said(await run(lab, action))).toEqual([1, [expect.stringMatching(words)]])
    await back
    expect(said(await run(lab, action))).toEqual([0, []])
  },
)
