import { describeEks } from '@meridian/aws'
import { type EnvironmentClaim, hostInput } from '@meridian/dns'
import {
  type ClusterDescriptor,
  isAnywhere,
  judgeClaim,
  type Mark,
  readFederation,
  rootOf,
} from '@meridian/identity'
import { judgeCluster } from '@meridian/kops'
import { messageOf, typedInputs } from '@meridian/runner'
import { openClusterStore } from '@meridian/state'
import { lookForRemains } from '../find-leaks.ts'
import type { Work } from '../work.ts'
import type { FoundFederation } from './federation.ts'
import type { FoundRecords } from './records.ts'

type Going = {
  readonly records: readonly FoundRecords[]
  readonly federation: FoundFederation | undefined
}

/**
 * Which of the environment's claims in its zone end with this run: those whose app goes, or whose host is proven gone,
 * if no record of the environment stays. Others' are no matter here.
 */
export async function surveyClaims(
  work: Work,
  claims: readonly EnvironmentClaim[],
  seen: Going,
): Promise<{ going: readonly EnvironmentClaim[]; notices: readonly string[] }> {
  const root = rootOf(work.identity)
  const going: EnvironmentClaim[] = []
  const notices: string[] = []
  for (const claim of claims.filter(one => one.root === root)) {
    const judged = judgeClaim(claim, claim.reading, work.identity)
    if (judged.kind === 'unreadable')
      notices.push(`The claim ${claim.fqdn} stays: whose it is cannot be told: ${judged.why}.`)
    if (judged.kind !== 'ours') continue
    if (await ends(work, judged.mark, seen)) going.push(claim)
    else notices.push(describeKept(root, hostOf(work, judged.mark)))
  }
  return { going, notices }
}

async function ends(work: Work, mark: Mark, { records, federation }: Going): Promise<boolean> {
  const { scope, recordNames } = work.inputs
  const served = recordNames !== undefined || records.some(({ whole }) => !whole)
  if (served || !scope.has('dns') || !scope.has('app')) return false
  if (federation !== undefined && federation.host.fullName === hostOf(work, mark)?.fullName) {
    const { plan, api } = federation
    return plan.hostGoes || (plan.app && api !== undefined)
  }
  return isHostGone(work, mark)
}

/** The same work with the members of the host's federation, as far as the environment's own claims tell them. */
export function withMembers(work: Work, claims: readonly EnvironmentClaim[]): Work {
  const { inputs, identity } = work
  const members = claims.flatMap(claim => {
    const judged = judgeClaim(claim, claim.reading, identity)
    const found = judged.kind === 'ours' ? federationOf(work, judged.mark) : []
    return found[0]?.fullName === inputs.host?.fullName ? found.slice(1) : []
  })
  return { ...work, inputs: { ...inputs, members } }
}

/** The cluster that a claim's app is in; undefined where it does not tell. */
function hostOf(work: Pick<Work, 'identity'>, mark: Mark): ClusterDescriptor | undefined {
  return federationOf(work, mark)[0]
}

function federationOf({ identity }: Pick<Work, 'identity'>, mark: Mark): readonly ClusterDescriptor[] {
  try {
    return readFederation(mark, identity)
  } catch {
    return []
  }
}

/** Whether the cluster that a claim's app is in is proven to be gone: its state, its claim, and what AWS has of it. */
export async function isHostGone(work: Work, mark: Mark): Promise<boolean> {
  const host = hostOf(work, mark)
  if (host === undefined || isAnywhere(host.provider)) return false
  const { aws, inputs, identity, job } = work
  const { fullName, region, eksName, role } = host
  try {
    if (eksName !== undefined) return (await describeEks(aws.as(role), { region, eksName })) === undefined
    const there = await openClusterStore(aws, host, inputs.stateStoreAccount)
    if (there !== undefined) {
      const { etag, config } = await judgeCluster(there, fullName, identity)
      if (etag !== undefined || config !== undefined) return false
    }
    return (await lookForRemains(work, fullName, region)).length === 0
  } catch (error) {
    job.signal.throwIfAborted()
    job.log.info(`Whether ${fullName} is gone could not be asked: ${messageOf(error)}`)
    return false
  }
}

function describeKept(root: string, host: ClusterDescriptor | undefined): string {
  const stays = `The claim of ${root} stays, by which reap finds its app`
  if (host === undefined) return `${stays}.`
  const inputs = typedInputs({ scope: 'dns,app', host: hostInput(host) })
  return `${stays} in the federation of ${host.fullName}. To take all of it away: ${inputs}, without clusters.`
}
