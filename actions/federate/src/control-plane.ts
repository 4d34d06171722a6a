import {
  type ControlPlane,
  checkIdentity,
  detectControlPlane,
  findFederation,
  judgeUpgrade,
  listClusters,
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
import type { Inputs } from './inputs.ts'
import type { Reached } from './reach-members.ts'

export type UsableControlPlane = Exclude<ControlPlane, { state: 'foreign' }>

export type Step = 'install' | 'repair' | 'upgrade' | 'use'

/** The control plane as it was found, and what is to be done with it. */
export type Plane = {
  step: Step
  /** Undefined for a control plane that others run. */
  host: Kube | undefined
  region: string
  found: UsableControlPlane | undefined
  /** Undefined where there is none that could be asked. */
  federation: Kube | undefined
  /** The version that it has, or will have. */
  version: string
}

/** Reads what there is of a control plane, and refuses what could not be brought together with it. */
export async function readPlane(job: Job, inputs: Inputs, members: readonly Reached[]): Promise<Plane> {
  const { karmadaKubeconfig: given } = inputs
  const plane = given ? connectExisting(job, inputs, given) : await readHost(job, inputs, members)
  if (plane.federation === undefined) return plane
  const present = await listClusters(plane.federation).catch(error => {
    // One that does not serve yet is waited for later; each join checks this again.
    if (plane.host !== undefined && isNotServing(error)) return []
    throw error
  })
  for (const { descriptor, id } of members) checkIdentity(present, descriptor.name, id)
  return plane
}

function isNotServing(error: unknown): boolean {
  return isUnreachable(error) || isNotFound(error) || (error instanceof KubeError && error.status >= 500)
}

function connectExisting(job: Job, inputs: Inputs, given: Kubeconfig): Plane {
  for (const value of secretsOf(given)) job.mask(value)
  const kubeconfig = renameContext(given, given['current-context'], inputs.name)
  const federation = connectKube(kubeconfig, { ...job, context: inputs.name })
  return {
    step: 'use',
    host: undefined,
    region: '',
    found: undefined,
    federation,
    version: inputs.karmadaVersion,
  }
}

async function readHost(job: Job, inputs: Inputs, members: readonly Reached[]): Promise<Plane> {
  const name = inputs.host ?? inputs.clusters[0]?.name
  const home = members.find(({ descriptor }) => descriptor.name === name)
  if (home === undefined) throw new Error(`${name} is not among the clusters`)
  const { kube: host, descriptor } = home
  const found = judgeFound(job, host, await detectControlPlane(host))
  const federation = found.state === 'whole' ? await findFederation(job, host, inputs.name) : undefined
  const step = chooseStep(job, host, found, inputs)
  const installed = found.state === 'whole' ? found.version : undefined
  const version = step === 'use' ? (installed ?? inputs.karmadaVersion) : inputs.karmadaVersion
  return { step, host, region: descriptor.region, found, federation, version }
}

/** Another version than is wanted is used as it is, unless an upgrade is asked for. */
function chooseStep(job: Job, host: Kube, found: UsableControlPlane, inputs: Inputs): Step {
  if (found.state === 'absent') return 'install'
  if (found.state === 'partial') return 'repair'
  const { karmadaVersion: wanted, upgrade } = inputs
  const verdict = found.version === undefined ? 'same' : judgeUpgrade(found.version, wanted)
  if (verdict === 'same') return 'use'
  const difference = `the control plane in ${host.context} is Karmada ${found.version}, not ${wanted}`
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

/** Throws a UserError for what this action must not touch. */
function judgeFound(job: Job, host: Kube, found: ControlPlane): UsableControlPlane {
  if (found.state === 'foreign') {
    throw new UserError(`${host.context} holds a Karmada of other origin: ${found.reason}`, {
      fix: 'Choose another host, remove that control plane by the means it was installed with, or use it with control-plane: existing.',
      input: 'host',
    })
  }
  if (found.state !== 'partial') return found
  const missing = found.missing.join(', ')
  if (found.origin === 'cut-short') {
    job.log.info(`An installation was cut short, it lacks ${missing}.`)
    return found
  }
  const history =
    found.origin === 'complete'
      ? 'was whole once and now lacks'
      : 'was not installed by this action and lacks'
  throw new UserError(`the control plane in ${host.context} ${history} ${missing}`, {
    fix: 'Repairing it would start from nothing and forget its members: restore what is missing, or run teardown with scope federation and then this again.',
    input: 'host',
  })
}
