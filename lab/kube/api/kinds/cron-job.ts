import { column, columns } from '../columns.ts'
import { describeAge } from '../duration.ts'
import type { Kind } from '../kind.ts'
import { fieldsAt, listAt, textAt } from '../objects.ts'
import { invalid, requiredValue } from '../status-error.ts'
import { podSpecProblems } from './check-pod.ts'
import { child, fill, fillPodSpec } from './defaults.ts'
import { templateColumns } from './workload-cells.ts'

const podPath = ['spec', 'jobTemplate', 'spec', 'template', 'spec'] as const

export const cronJobKind: Kind = {
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  singular: 'cronjob',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  status: true,
  generation: true,
  columns: columns(
    [
      column('Schedule', job => textAt(job, 'spec', 'schedule')),
      column('Timezone', job => textAt(job, 'spec', 'timeZone') || '<none>'),
      column('Suspend', job => (textAt(job, 'spec', 'suspend') === 'true' ? 'True' : 'False')),
      column('Active', job => listAt(job, 'status', 'active').length, { type: 'integer' }),
      column('Last Schedule', (job, now) => {
        const last = textAt(job, 'status', 'lastScheduleTime')
        return last ? describeAge(last, now) : '<none>'
      }),
    ],
    templateColumns.map(each => ({
      ...each,
      cell: (job, now) => each.cell({ ...job, spec: fieldsAt(job, 'spec', 'jobTemplate', 'spec') }, now),
    })),
  ),
  prepare(job) {
    const spec = child(job, 'spec')
    fill(spec, {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    })
    const template = child(child(child(spec, 'jobTemplate'), 'spec'), 'template')
    fillPodSpec(child(template, 'spec'))
    const problems = [
      ...(spec.schedule ? [] : [requiredValue('spec.schedule')]),
      ...podSpecProblems(fieldsAt(job, ...podPath), podPath.join('.')),
    ]
    if (problems.length > 0) throw invalid(cronJobKind, job.metadata.name, problems)
  },
}
