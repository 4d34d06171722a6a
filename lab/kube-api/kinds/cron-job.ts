import { fieldsAt, listAt, textAt } from '@meridian/lab-world/json'
import { column, columns } from '../columns.ts'
import { describeAge } from '../duration.ts'
import type { Kind } from '../kind.ts'
import { templateColumns } from './workload-cells.ts'

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
}
