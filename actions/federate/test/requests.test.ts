import { makeMark, writeClaim } from '@meridian/identity'
import { type LabClusters, type Name, regions, startClusters } from '@meridian/lab-universe/testing'
import { expect, onTestFinished, test } from 'vitest'
import { attempt } from './in-process.ts'

type Counts = Record<string, number>
type Store = 'of its own' | 'shared' | 'without claims' | 'none'

const account = '111122223333'
const shared = 's3://platform/kops'

/** Lets stores say that the clusters are there, as create-cluster leaves them. */
function addStores({ universe }: LabClusters, names: readonly Name[], kind: Store): void {
  const { s3 } = universe.aws
  const owner = { domain: universe.domain, repository: { id: '1001', name: 'acme/shop' }, account }
  if (kind === 'shared') s3.addBucket('platform', { region: 'eu-central-1' })
  for (const name of names) {
    const [region, fullName] = [regions[name], `${name}.${universe.domain}`]
    const bucket = kind === 'shared' ? 'platform' : `${fullName}-state`
    const path = kind === 'shared' ? 'kops/' : ''
    if (kind !== 'shared') s3.addBucket(bucket, { region })
    const mark = makeMark({ ...owner, cluster: fullName, region })
    if (kind !== 'without claims') s3.putObject(bucket, `${path}${fullName}.claim.json`, writeClaim(mark))
    s3.putObject(bucket, `${path}${fullName}/config`, `spec: { subnets: [{ zone: ${region}a }] }`)
  }
}

/** Takes from the credentials in the control plane what says of which cluster they are, as earlier releases have left them. */
function forgetClusters({ universe }: LabClusters): void {
  const store = universe.clusters.federations()[0]?.store
  for (const { metadata } of store?.list('Secret', { namespace: 'karmada-cluster' }) ?? [])
    store?.modify('Secret', metadata.namespace, metadata.name, draft => {
      Reflect.deleteProperty(draft.metadata.annotations ?? {}, 'meridian.dev/cluster-id')
    })
}

/** What three runs ask for: one that joins all members, one over what stands, and one where an earlier release has joined them. */
async function runs(names: readonly Name[], store: Store): Promise<[Counts, Counts, Counts]> {
  // The documented policy is about stores that are called as their clusters are.
  const lab = await startClusters(names, { policies: {} })
  onTestFinished(() => lab.close())
  if (store !== 'none') addStores(lab, names, store)
  const inputs: Record<string, string> = store === 'shared' ? { 'state-store': shared } : {}
  const { requests } = lab.universe.world
  const count = async () => {
    const before = requests.all().length
    const { error, job } = await attempt(lab, names, inputs)
    expect(error).toBeUndefined()
    const own = requests
      .all()
      .slice(before)
      .filter(({ client }) => client === 'federate')
    const groups = Object.groupBy(own, ({ service, operation }) => `${service.split(' ')[0]} ${operation}`)
    const counts = Object.entries(groups).map(([operation, all = []]) => [operation, all.length])
    return { changed: job.outputs.changed, counts: Object.fromEntries(counts) as Counts }
  }
  const [first, second] = [await count(), await count()]
  forgetClusters(lab)
  const third = await count()
  expect([first, second, third].map(({ changed }) => changed)).toEqual([true, false, false])
  return [first.counts, second.counts, third.counts]
}

/** What one more member is asked for; how often others wait is not counted. */
function difference(few: Counts, more: Counts): Counts {
  const further = Object.entries(more).map(
    ([operation, count]) => [operation, count - (few[operation] ?? 0)] as const,
  )
  return Object.fromEntries(further.filter(([, count]) => count !== 0))
}

const stands = {
  // By the token of its account: what that may do.
  'kubernetes create selfsubjectrulesreviews': 1,
  // With the run's own rights, by its endpoint's own name: whose the other token is.
  'kubernetes create tokenreviews': 1,
}

test.each<[Store, Counts]>([
  ['of its own', { 's3 GetObject': 1 }],
  ['shared', { 's3 GetObject': 1 }],
  ['without claims', { 's3 GetObject': 2 }],
  ['none', { 's3 GetObject': 1 }],
])('of a member whose store is %s, more is asked than that only where it joins', async (store, whose) => {
  const [few, more] = [await runs(['usa', 'eur'], store), await runs(['usa', 'eur', 'jpn'], store)]
  const [joining, standing, older] = few.map((counts, at) => difference(counts, more[at] ?? {}))
  expect(standing).toEqual({ ...whose, ...stands })
  // Which cluster it is.
  expect(older).toEqual({ ...whose, ...stands, 'kubernetes list namespaces': 1 })
  expect(joining).toEqual({
    ...whose,
    'kubernetes get /version': 1,
    // Which cluster it is, and that there are no accounts yet.
    'kubernetes list namespaces': 1,
    'kubernetes patch namespaces': 1,
    'kubernetes patch serviceaccounts': 2,
    'kubernetes patch secrets': 2,
    'kubernetes patch clusterroles.rbac.authorization.k8s.io': 1,
    'kubernetes patch clusterrolebindings.rbac.authorization.k8s.io': 1,
    // The tokens, and whether it takes both.
    'kubernetes list secrets': 1,
    'kubernetes create tokenreviews': 1,
    // The control plane's side: a Secret for each token, one of which goes with the other, and that with the Cluster.
    'karmada patch secrets': 3,
    'karmada create clusters.cluster.karmada.io': 1,
  })
})
