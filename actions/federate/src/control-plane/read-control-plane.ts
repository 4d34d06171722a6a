import type { Claim, Identity } from '@meridian/identity'
import {
  chooseStorage,
  findFederation,
  type InstalledPlane,
  type JudgedMember,
  judgeMembers,
  judgePlane,
  judgeUpgrade,
} from '@meridian/karmada'
import {
  connectKube,
  isNotFound,
  isUnreachable,
  type Kube,
  type Kubeconfig,
  KubeError,
  renameContext,
  secretsOf,
} from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import type { Connected } from '../members/connect-members.ts'
import { judgeFound, refusePlane, type UsableControlPlane } from './judge-control-plane.ts'

export type Step = 'install' | 'repair' | 'upgrade' | 'use'

/** The control plane as it was found, and what is to be done with it. */
export type Plane = {
  step: Step
  /** Undefined for a control plane that others run. */
  host: Kube | undefined
  region: string
  found: UsableControlPlane | undefined
  /** Who installed it; undefined where there is none, or others run it. What is not ours is used, and not changed. */
  claim: Claim<InstalledPlane> | undefined
  /** Undefined where there is none that could be asked. */
  federation: Kube | undefined
  /** As far as there is a federation, and it answers. */
  members: readonly JudgedMember[] | undefined
  /** The version that it has, or will have. */
  version: string
}

type Read = Omit<Plane, 'members'>

/** Reads what there is of a control plane, and refuses what is another's or could not be brought together with it. */
export async function readPlane(
  job: Job,
  inputs: Inputs,
  members: readonly Connected[],
  { identity, joiner }: { identity: Identity; joiner: Identity },
): Promise<Plane> {
  const { karmadaKubeconfig: given } = inputs
  const plane = given ? connectExisting(job, inputs, given) : await readHost(job, inputs, members, identity)
  if (plane.federation === undefined) return { ...plane, members: undefined }
  const present = await judgeMembers(plane.federation, joiner, plane.claim).catch(error => {
    // One that does not serve yet is waited for later.
    if (plane.host !== undefined && isNotServing(error)) return undefined
    throw error
  })
  return { ...plane, members: present }
}

function isNotServing(error: unknown): boolean {
  return isUnreachable(error) || isNotFound(error) || (error instanceof KubeError && error.status >= 500)
}

function connectExisting(job: Job, inputs: Inputs, given: Kubeconfig): Read {
  for (const value of secretsOf(given)) job.mask(value)
  const kubeconfig = renameContext(given, given['current-context'], inputs.name)
  const federation = connectKube(kubeconfig, { ...job, context: inputs.name })
  return {
    step: 'use',
    host: undefined,
    region: '',
    found: undefined,
    claim: undefined,
    federation,
    version: inputs.karmadaVersion,
  }
}

async function readHost(
  job: Job,
  inputs: Inputs,
  members: readonly Connected[],
  identity: Identity,
): Promise<Read> {
  const name = inputs.host ?? inputs.clusters[0]?.name
  const home = members.find(({ descriptor }) => descriptor.name === name)
  if (home === undefined) throw new Error(`${name} is not among the clusters`)
  const { kube: host, descriptor, owned } = home
  const { found: seen, claim } = await judgePlane(host, identity, owned, inputs.adopt)
  const found = judgeFound(job, host, seen)
  refusePlane(host, claim, identity)
  if (found.state === 'partial' && claim.kind === 'unclaimed') throw unclaimedRemains(host)
  const federation = found.state === 'whole' ? await findFederation(job, host, inputs.name) : undefined
  const step = chooseStep(job, host, { found, claim, inputs })
  if (step === 'install' || step === 'repair') await chooseStorage(host, inputs.etcdStorage)
  const installed = found.state === 'whole' ? found.version : undefined
  const version = step === 'use' ? (installed ?? inputs.karmadaVersion) : inputs.karmadaVersion
  return {
    step,
    host,
    region: descriptor.region,
    found,
    claim: found.state === 'absent' ? undefined : claim,
    federation,
    version,
  }
}

function unclaimedRemains(host: Kube): UserError {
  return new UserError(
    `what is left of an installation in ${host.context} was made by version 0.1, which did not say for whom`,
    {
      fix: 'If it is yours, set adopt: true: it is then removed and made anew. Else choose another host.',
      input: 'host',
    },
  )
}

type Seen = { found: UsableControlPlane; claim: Claim<InstalledPlane>; inputs: Inputs }

/** Another version than is wanted is used as it is, unless an upgrade is asked for. */
function chooseStep(job: Job, host: Kube, { found, claim, inputs }: Seen): Step {
  if (found.state === 'absent') return 'install'
  if (found.state === 'partial') return 'repair'
  const { karmadaVersion: wanted, upgrade } = inputs
  const verdict = found.version === undefined ? 'same' : judgeUpgrade(found.version, wanted)
  if (verdict === 'same') return 'use'
  const difference = `the control plane in ${host.context} is Karmada ${found.version}, not ${wanted}`
  if (upgrade && claim.kind !== 'ours') {
    throw new UserError(`${difference}, and was not installed by this environment`, {
      fix: `Set karmada-version to ${found.version}, or have it upgraded by who installed it.`,
      input: 'upgrade',
    })
  }
  if (upgrade && verdict === 'possible') return 'upgrade'
  if (upgrade && verdict !== 'possible') {
    throw new UserError(`${difference}, and cannot become it: ${verdict.refused}`, {
      fix: `Set karmada-version to ${found.version}, or to one that it can be upgraded to.`,
      input: 'karmada-version',
    })
  }
  const remedy = verdict === 'possible' ? 'set upgrade: true to change that' : verdict.refused
  job.log.warning(`${difference}: it is used as it is (${remedy}).`)
  return 'use'
}
