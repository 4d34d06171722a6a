import { type Binding, bindingRef, heldClusters, memberPath } from '@meridian/karmada'
import { covers, describeRef, type Kube, KubeError, type KubeObject, refOf } from '@meridian/kube'
import { done, inParallel, type Job, waitFor, waiting } from '@meridian/runner'

type WaitJob = Pick<Job, 'log' | 'signal' | 'deadline'>

const mostMilliseconds = 60_000
const requestMilliseconds = 10_000

/**
 * Waits until each member has a definition as it has just been changed. A custom resource that gets there before it
 * loses the fields that the former definition does not know, without a word, and is not sent again.
 * A member that cannot be asked, or has not taken the definition, is not waited for.
 */
export async function waitForDefinitions(
  job: WaitJob,
  federation: Pick<Kube, 'get' | 'request'>,
  definition: KubeObject,
): Promise<void> {
  const name = describeRef(refOf(definition))
  await waitFor(job, {
    what: `the members to have ${name} as it is now`,
    fix: 'Look at what its ClusterResourceBinding says of each member.',
    timeout: mostMilliseconds,
    probe: async () => {
      const binding = await federation.get<Binding>(bindingRef(refOf(definition)))
      const targets = binding === undefined ? [] : listTargets(binding)
      const states = await inParallel(targets, async cluster => ({
        cluster,
        isBehind: await isBehind(federation, cluster, definition),
      }))
      const behind = states.filter(state => state.isBehind).map(({ cluster }) => cluster)
      return behind.length === 0 ? done(undefined) : waiting(`${behind.join(', ')} has the former one`)
    },
  })
}

/** The members that are to get it, less those from which it is held back and those that have refused it. */
function listTargets(binding: Binding): string[] {
  const held = heldClusters(binding)
  const refused = (binding.status?.aggregatedStatus ?? [])
    .filter(({ applied }) => applied === false)
    .map(({ clusterName }) => clusterName)
  return (binding.spec.clusters ?? [])
    .map(({ name }) => name)
    .filter(name => !held.includes(name) && !refused.includes(name))
}

async function isBehind(
  federation: Pick<Kube, 'request'>,
  cluster: string,
  { metadata, spec }: KubeObject,
): Promise<boolean> {
  const path = `${memberPath(cluster)}/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${metadata.name}`
  const how = { timeout: requestMilliseconds, repeatable: false }
  try {
    const found = await federation.request<KubeObject>('GET', path, how)
    return !covers(found.spec, spec)
  } catch (error) {
    if (error instanceof KubeError) return false
    throw error
  }
}
