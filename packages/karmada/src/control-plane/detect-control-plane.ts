import type { Condition, Kube, KubeObject } from '@meridian/kube'
import { conditionOf } from '@meridian/kube'
import { bootstrapLabel, certSecret, lbService, recordName, systemNamespace } from '../names.ts'
import { readRecord } from './installation-record.ts'
import type { FoundRecord } from './installed-plane.ts'

/**
 * Where a control plane that lacks parts comes from: an installation or a removal that was `cut-short`, and so holds
 * nothing; one that was `complete` once and may hold a federation; or the hands of `others`.
 */
type Origin = 'cut-short' | 'complete' | 'others'

export type ControlPlane =
  | { state: 'absent' }
  | { state: 'partial'; missing: string[]; origin: Origin }
  /** Karmada is there, but another way of installing put it there. */
  | { state: 'foreign'; reason: string }
  /** Everything is there; `unready` names what does not run at the moment. */
  | { state: 'whole'; version: string | undefined; unready: string[]; record: FoundRecord | undefined }

/** What is read of the host cluster to tell its control plane's state. */
export type Observed = {
  namespace: KubeObject | undefined
  secret: SecretObject | undefined
  service: KubeObject | undefined
  record: FoundRecord | undefined
  deployments: WorkloadObject[]
  statefulSets: WorkloadObject[]
}

type SecretObject = KubeObject & { data?: Record<string, string> }

export type WorkloadObject = KubeObject & {
  spec?: {
    replicas?: number
    template?: {
      metadata?: { annotations?: Record<string, string> }
      spec?: { containers?: { name?: string; image?: string; command?: string[]; args?: string[] }[] }
    }
  }
  status?: {
    observedGeneration?: number
    updatedReplicas?: number
    availableReplicas?: number
    readyReplicas?: number
    conditions?: Condition[]
  }
}

const deployments = [
  'karmada-apiserver',
  'karmada-aggregated-apiserver',
  'kube-controller-manager',
  'karmada-scheduler',
  'karmada-controller-manager',
  'karmada-webhook',
]
const certKeys = ['ca.crt', 'karmada.crt', 'karmada.key']

/** Reads the host cluster and says what of a control plane is there. */
export async function detectControlPlane(host: Pick<Kube, 'get' | 'list'>): Promise<ControlPlane> {
  return classifyControlPlane(await observeControlPlane(host))
}

/** Reads what a host has of a control plane, whoever installed it. */
export async function observeControlPlane(host: Pick<Kube, 'get' | 'list'>): Promise<Observed> {
  const namespace = systemNamespace
  const place = { namespace }
  const [found, secret, service, record, deployed, stateful] = await Promise.all([
    host.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }),
    host.get<SecretObject>({ apiVersion: 'v1', kind: 'Secret', namespace, name: certSecret }),
    host.get({ apiVersion: 'v1', kind: 'Service', namespace, name: lbService }),
    host.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: recordName }),
    host.list<WorkloadObject>({ apiVersion: 'apps/v1', kind: 'Deployment' }, place),
    host.list<WorkloadObject>({ apiVersion: 'apps/v1', kind: 'StatefulSet' }, place),
  ])
  return {
    namespace: found,
    secret,
    service,
    record: readRecord(record),
    deployments: deployed,
    statefulSets: stateful,
  }
}

/**
 * Tells the state from what was read. What merely does not run counts as whole: an installation is only taken
 * apart when a piece of it was never made.
 */
export function classifyControlPlane(observed: Observed): ControlPlane {
  const { namespace, secret, service, record } = observed
  if (namespace === undefined) return { state: 'absent' }
  const foreigner = [...observed.deployments, ...observed.statefulSets].find(
    workload => isKarmada(workload) && workload.metadata.labels?.[bootstrapLabel] === undefined,
  )
  if (foreigner) return { state: 'foreign', reason: describeForeigner(foreigner) }
  const missing = [
    ...certKeys
      .filter(key => secret?.data?.[key] === undefined)
      .map(key => `key ${key} of Secret ${certSecret}`),
    ...absentFrom(observed.statefulSets, ['etcd']).map(name => `StatefulSet ${name}`),
    ...absentFrom(observed.deployments, deployments).map(name => `Deployment ${name}`),
  ]
  const terminating = namespace.metadata.deletionTimestamp !== undefined
  const pieces = certKeys.length + deployments.length + 1
  if (missing.length === pieces && service === undefined && !terminating) return { state: 'absent' }
  if (terminating) missing.unshift(`the namespace ${systemNamespace}, which is being deleted`)
  else if (record?.state === 'removing') missing.unshift('what its removal, which was begun, has taken')
  if (missing.length > 0)
    return { state: 'partial', missing, origin: terminating ? 'cut-short' : originOf(observed) }
  const version = readVersion(observed.deployments)
  return { state: 'whole', version, unready: listUnready(observed), record }
}

function originOf({ record, service }: Pick<Observed, 'record' | 'service'>): Origin {
  if (record?.state === 'removing') return 'cut-short'
  if (record?.state === 'installed' || service !== undefined) return 'complete'
  return record?.state === 'installing' ? 'cut-short' : 'others'
}

/** Workloads of the control plane that do not run as they should, each with its reason. */
export function listUnready(observed: Pick<Observed, 'deployments' | 'statefulSets'>): string[] {
  return [
    ...observed.statefulSets.filter(({ metadata }) => metadata.name === 'etcd'),
    ...observed.deployments.filter(({ metadata }) => deployments.includes(metadata.name)),
  ].flatMap(workload => {
    const { status } = workload
    const wanted = workload.spec?.replicas ?? 1
    const ready = (workload.kind === 'StatefulSet' ? status?.readyReplicas : status?.availableReplicas) ?? 0
    if (ready >= wanted && isRolledOut(workload, wanted)) return []
    const why = conditionOf(workload, 'Progressing')?.message
    return [`${workload.metadata.name} (${ready}/${wanted}${why ? `, ${why}` : ''})`]
  })
}

/** Whether the pods are those of the present template: after a change, the former ones are ready for a while yet. */
function isRolledOut({ metadata, status }: WorkloadObject, wanted: number): boolean {
  const { observedGeneration = 0, updatedReplicas = wanted } = status ?? {}
  return observedGeneration >= (metadata.generation ?? 0) && updatedReplicas >= wanted
}

function isKarmada({ metadata }: KubeObject): boolean {
  return /(^|-)karmada-(apiserver|controller-manager|scheduler)$/.test(metadata.name)
}

function describeForeigner({ kind, metadata }: KubeObject): string {
  const manager = metadata.labels?.['app.kubernetes.io/managed-by']
  return `${kind} ${metadata.name} was not made by karmadactl init${manager ? `, but by ${manager}` : ''}`
}

function absentFrom(workloads: readonly KubeObject[], names: readonly string[]): string[] {
  return names.filter(name => !workloads.some(workload => workload.metadata.name === name))
}

/** `1.18.2`, from the image of the controller manager. */
function readVersion(workloads: readonly WorkloadObject[]): string | undefined {
  const manager = workloads.find(({ metadata }) => metadata.name === 'karmada-controller-manager')
  const image = manager?.spec?.template?.spec?.containers?.[0]?.image
  return /:v?(\d+\.\d+\.\d+[^@]*)/.exec(image ?? '')?.[1]
}
