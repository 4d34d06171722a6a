import { fileURLToPath } from 'node:url'
import { type ActionRun, runAction } from '@meridian/lab-runner'
import { labBoundary, startUniverse, type Universe } from '@meridian/lab-universe'
import { expect, test } from 'vitest'

const dir = fileURLToPath(new URL('..', import.meta.url))
/** A spec that was saved in part is saved whole by the next run, so that it cannot be killed at both of its parts. */
const lives = [['start', 'config', 'vpc', 'autoscaling-group'], ['instance-group']]

/** Later runs are attempts of the same GitHub run, which need not wait for a dead one's lease to end. */
function run(universe: Universe, attempt: number): Promise<ActionRun> {
  return runAction({
    dir,
    inputs: {
      name: 'usa',
      domain: 'k8s.example.com',
      zones: 'us-east-1a',
      'validate-count': '1',
      'permissions-boundary': labBoundary,
    },
    env: { ...universe.env, GITHUB_RUN_ATTEMPT: String(attempt) },
  })
}

function countTypes(universe: Universe): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { type } of universe.world.inventory.list()) counts[type] = (counts[type] ?? 0) + 1
  return counts
}

const said = ({ annotations }: ActionRun) => annotations.map(({ message }) => message).join('\n')

test.each(lives.map(points => [points]))(
  'a run that is killed at each of kops’ steps (%j), one after the other, ends in one healthy cluster',
  async jobDeaths => {
    const faults = [...jobDeaths.map(point => `kill-job:${point}`), 'kill-kops:end']
    const [whole, cursed] = await Promise.all([
      startUniverse({ scale: 10_000 }),
      startUniverse({ scale: 10_000, faults }),
    ])
    try {
      const undisturbed = run(whole, 1)
      let attempt = 1
      for (const _ of jobDeaths) {
        const killed = await run(cursed, attempt++)
        expect(killed.exitCode).not.toBe(0)
        expect(killed.outputs.created).toBeUndefined()
      }
      const failed = await run(cursed, attempt++)
      expect(said(failed)).toContain('kops was ended by SIGKILL')
      expect(failed.stdout).toContain(
        'What exists now: cluster usa.k8s.example.com in us-east-1, with its state in s3://usa',
      )
      const last = await run(cursed, attempt)
      expect(said(last)).toBe('')
      expect(JSON.parse(last.outputs.nodes ?? '')).toMatchObject([{ ready: true }, { ready: true }])
      expect((await undisturbed).exitCode).toBe(0)
      expect(countTypes(cursed)).toEqual(countTypes(whole))
    } finally {
      await Promise.all([whole.close(), cursed.close()])
    }
  },
)
