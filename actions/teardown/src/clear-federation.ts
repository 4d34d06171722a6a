import { detectControlPlane } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { messageOf } from '@meridian/runner'
import { removeFederatedApp } from './remove-app.ts'
import { reachFederation, removePlane, unjoinMembers } from './remove-federation.ts'
import { type FoundCluster, isInhabited } from './survey.ts'
import type { Work } from './work.ts'

/**
 * Removes the app, then the members, then the control plane, as far as each is there and answers. Returns what went
 * wrong; where the clusters are to be deleted too that is a warning only, since nothing of it survives them.
 */
export async function clearFederation(
  work: Work,
  found: readonly FoundCluster[],
  reached: ReadonlyMap<string, Kube>,
): Promise<string[]> {
  const { inputs, job } = work
  if (!(inputs.scope.has('app') || inputs.scope.has('federation'))) return []
  const name = inputs.host?.name ?? (await findHost(reached)) ?? inputs.clusters[0]?.name
  const home = found.find(({ cluster }) => cluster.name === name)
  if (home === undefined || !isInhabited(home)) return []
  try {
    const host = reached.get(home.cluster.name)
    if (host === undefined) throw new Error(`its host ${home.cluster.name} does not answer`)
    return await clearHost(work, host, reached)
  } catch (error) {
    job.signal.throwIfAborted()
    const problem = `federation ${inputs.federation}: ${messageOf(error)}`
    if (!inputs.scope.has('clusters')) return [problem]
    job.log.info(`${problem}. What there is of it goes with its clusters.`)
    return []
  }
}

/** The first cluster that has a control plane, or what is left of one. One that does not tell has none. */
async function findHost(reached: ReadonlyMap<string, Kube>): Promise<string | undefined> {
  for (const [name, kube] of reached) {
    const state = await detectControlPlane(kube).then(
      plane => plane.state,
      () => 'absent',
    )
    if (state !== 'absent') return name
  }
  return undefined
}

/** Returns what is left in members that are dead, and whose clusters stay. */
async function clearHost(work: Work, host: Kube, reached: ReadonlyMap<string, Kube>): Promise<string[]> {
  const { scope, clusters } = work.inputs
  const silent = (name: string) => !reached.has(name) && clusters.some(cluster => cluster.name === name)
  const federation = await reachFederation(work, host).catch(error => {
    // A control plane that does not answer can still be removed; an app cannot be removed through it.
    if (!scope.has('federation')) throw error
    work.job.log.info(`The federation in ${host.context} does not answer: ${messageOf(error)}`)
    return undefined
  })
  const left: string[] = []
  if (federation !== undefined) {
    // A member that is dead never lets go of the app: it leaves first.
    if (scope.has('federation')) left.push(...(await unjoinMembers(work, federation, reached, silent)))
    if (scope.has('app')) await removeFederatedApp(work, federation, reached)
    if (scope.has('federation')) await unjoinMembers(work, federation, reached)
  }
  if (scope.has('federation')) await removePlane(work, host)
  return scope.has('clusters') ? [] : left
}
