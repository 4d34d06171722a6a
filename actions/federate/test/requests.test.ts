import { expect, onTestFinished, test } from 'vitest'
import { type Name, startClusters } from '../../../packages/karmada/test/lab-clusters.ts'
import { attempt } from './in-process.ts'

/** What a run over members that have all joined asks for, by operation. */
async function secondRun(names: readonly Name[]): Promise<Record<string, number>> {
  const lab = await startClusters(names)
  onTestFinished(() => lab.close())
  expect((await attempt(lab, names)).error).toBeUndefined()
  const { requests } = lab.universe.world
  const before = requests.all().length
  const { error, job } = await attempt(lab, names)
  expect([error, job.outputs.changed]).toEqual([undefined, false])
  const own = requests
    .all()
    .slice(before)
    .filter(({ client }) => client === 'federate')
  const groups = Object.groupBy(own, ({ service, operation }) => `${service} ${operation}`)
  return Object.fromEntries(Object.entries(groups).map(([operation, all = []]) => [operation, all.length]))
}

test('a further member that has joined is asked once for each thing, and the control plane for all at once', async () => {
  const few = await secondRun(['usa', 'eur'])
  const more = await secondRun(['usa', 'eur', 'jpn'])
  const further = Object.entries(more).flatMap(([operation, count]) => {
    const difference = count - (few[operation] ?? 0)
    return difference === 0 ? [] : [[operation, difference]]
  })
  expect(Object.fromEntries(further)).toEqual({
    // Whose the cluster is: it has no store here.
    's3 HeadBucket': 1,
    's3 ListObjectsV2': 1,
    // Which cluster it is, by its endpoint's own name, and whether it takes both tokens.
    'kubernetes get /version': 3,
    // kube-system, and that of the accounts.
    'kubernetes get namespaces': 2,
    'kubernetes list serviceaccounts': 1,
    'kubernetes list secrets': 1,
    'kubernetes get clusterroles.rbac.authorization.k8s.io': 1,
    'kubernetes get clusterrolebindings.rbac.authorization.k8s.io': 1,
  })
})
