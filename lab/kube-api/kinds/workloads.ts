import { type Fields, numberAt, textAt, valueAt } from '@meridian/lab-world/json'
import { column, columns } from '../columns.ts'
import { describeDuration } from '../duration.ts'
import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { child, fill } from '../types/fill.ts'
import { countColumn, describeLabels, templateColumns } from './workload-cells.ts'

const apps = {
  group: 'apps',
  version: 'v1',
  namespaced: true,
  status: true,
  generation: true,
  categories: ['all'],
} as const
const scale = { replicas: 'spec.replicas', status: 'status.replicas', selector: 'spec.selector' }

function ready(replicas: string, total: string) {
  return (object: KubeObject) => `${numberAt(object, 'status', replicas)}/${numberAt(object, 'spec', total)}`
}

export const deploymentKind: Kind = {
  ...apps,
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  scale,
  columns: columns(
    [
      column('Ready', ready('readyReplicas', 'replicas')),
      countColumn('Up-to-date', 'status', 'updatedReplicas'),
      countColumn('Available', 'status', 'availableReplicas'),
    ],
    templateColumns,
  ),
}

export const replicaSetKind: Kind = {
  ...apps,
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  scale,
  selectable: ['status.replicas'],
  columns: columns(
    [
      countColumn('Desired', 'spec', 'replicas'),
      countColumn('Current', 'status', 'replicas'),
      countColumn('Ready', 'status', 'readyReplicas'),
    ],
    templateColumns,
  ),
}

export const statefulSetKind: Kind = {
  ...apps,
  kind: 'StatefulSet',
  plural: 'statefulsets',
  singular: 'statefulset',
  shortNames: ['sts'],
  scale,
  columns: columns([column('Ready', ready('readyReplicas', 'replicas'))], templateColumns.slice(0, 2)),
}

/** What a StatefulSet or DaemonSet has been: its template, by number. */
export const controllerRevisionKind: Kind = {
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  namespaced: true,
  columns: columns([
    column('Controller', ({ metadata }) => {
      const owner = metadata.ownerReferences?.find(each => each.controller)
      return owner ? `${owner.kind.toLowerCase()}.${owner.apiVersion.split('/')[0]}/${owner.name}` : '<none>'
    }),
    column('Revision', revision => numberAt(revision, 'revision'), { type: 'integer' }),
  ]),
}

export const daemonSetKind: Kind = {
  ...apps,
  kind: 'DaemonSet',
  plural: 'daemonsets',
  singular: 'daemonset',
  shortNames: ['ds'],
  columns: columns(
    [
      countColumn('Desired', 'status', 'desiredNumberScheduled'),
      countColumn('Current', 'status', 'currentNumberScheduled'),
      countColumn('Ready', 'status', 'numberReady'),
      countColumn('Up-to-date', 'status', 'updatedNumberScheduled'),
      countColumn('Available', 'status', 'numberAvailable'),
      column('Node Selector', object => {
        const selector = valueAt(object, 'spec', 'template', 'spec', 'nodeSelector')
        return describeLabels((selector ?? {}) as Fields)
      }),
    ],
    templateColumns,
  ),
}

function jobStatus(job: KubeObject): string {
  const conditions = (valueAt(job, 'status', 'conditions') ?? []) as unknown[]
  const holds = (type: string) =>
    conditions.some(each => textAt(each, 'type') === type && textAt(each, 'status') === 'True')
  if (holds('Complete')) return 'Complete'
  if (holds('Failed')) return 'Failed'
  if (job.metadata.deletionTimestamp) return 'Terminating'
  return holds('Suspended') ? 'Suspended' : 'Running'
}

function jobDuration(job: KubeObject, now: number): string {
  const begun = textAt(job, 'status', 'startTime')
  const ended = textAt(job, 'status', 'completionTime')
  return begun ? describeDuration((ended ? Date.parse(ended) : now) - Date.parse(begun)) : ''
}

export const jobKind: Kind = {
  ...apps,
  group: 'batch',
  kind: 'Job',
  plural: 'jobs',
  singular: 'job',
  selectable: ['status.successful'],
  columns: columns(
    [
      column('Status', jobStatus),
      column(
        'Completions',
        job => `${numberAt(job, 'status', 'succeeded')}/${numberAt(job, 'spec', 'completions')}`,
      ),
      column('Duration', jobDuration),
    ],
    templateColumns,
  ),
  prepare(object) {
    const { uid = '', name } = object.metadata
    const spec = child(object, 'spec')
    if (spec.manualSelector === true) return
    const labels = child(child(child(spec, 'template'), 'metadata'), 'labels')
    fill(labels, {
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': name,
      'controller-uid': uid,
      'job-name': name,
    })
    fill(child(child(spec, 'selector'), 'matchLabels'), { 'batch.kubernetes.io/controller-uid': uid })
  },
}
