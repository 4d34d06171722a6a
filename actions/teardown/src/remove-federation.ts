import {
  detectControlPlane,
  findFederation,
  listClusters,
  removeControlPlane,
  unjoinMember,
} from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { findTool, karmadactlRequest } from '@meridian/tools'
import { limitTime, type Work } from './work.ts'

const unjoinMilliseconds = { answering: 120_000, silent: 20_000 }
const controlPlaneMilliseconds = 10 * 60_000

/** The federation's own API; undefined if its host has none. Throws where it has one that does not answer. */
export async function reachFederation({ job, inputs }: Work, host: Kube): Promise<Kube | undefined> {
  const federation = await findFederation(job, host, inputs.federation)
  await federation?.request('GET', '/readyz', { timeout: 10_000 })
  return federation
}

/**
 * Takes members out of the federation, all or (with `only`) those of some names. A member that does not answer is
 * given a short time only, and then taken out by force: it cannot confirm that it let go.
 */
export async function unjoinMembers(
  work: Work,
  federation: Kube,
  members: ReadonlyMap<string, Kube>,
  only: (name: string) => boolean = () => true,
): Promise<void> {
  const joined = (await listClusters(federation)).map(({ metadata }) => metadata.name).filter(only)
  await Promise.all(
    joined.map(async name => {
      const member = members.get(name)
      const timeout = member ? unjoinMilliseconds.answering : unjoinMilliseconds.silent
      const { outcome } = await unjoinMember(work.job, federation, name, { member, timeout })
      if (outcome === 'absent') return
      work.ledger.deleted({ type: 'member', id: name })
      work.job.log.info(`${name} is out of the federation${outcome === 'forced' ? ', by force' : ''}.`)
    }),
  )
}

/** Removes the control plane with its load balancer and its volume. Another run that is doing it too is no failure. */
export async function removePlane(work: Work, host: Kube): Promise<void> {
  const { inputs, ledger } = work
  const job = limitTime(work.job, controlPlaneMilliseconds)
  const find = () => findTool(karmadactlRequest(inputs), job)
  const thing = { type: 'control-plane', id: `${inputs.federation} in ${host.context}` } as const
  try {
    if (await removeControlPlane(job, host, find)) ledger.deleted(thing)
  } catch (error) {
    job.signal.throwIfAborted()
    const { state } = await detectControlPlane(host)
    if (state !== 'absent') throw error
    ledger.deleted(thing)
  }
}
