import { type KubeObject, timestamp } from '@meridian/lab-kube-api'
import { copyJson, type Fields, fieldsAt, textAt, valueAt } from '@meridian/lab-world/json'
import { Cron } from 'croner'
import type { Cluster } from '../cluster.ts'
import {
  type Again,
  type ControlLoop,
  keyOf,
  ownerKeys,
  splitKey,
  startControlLoop,
} from '../control-loop.ts'
import { recordEvent } from '../events.ts'
import { controlledBy, ownedBy } from '../ownership.ts'
import { writeStatus } from '../write-status.ts'
import { isComplete, isFinished } from './job.ts'

const component = 'cronjob-controller'

/** The moment of the world's own clock, which is as far ahead as delays are short, in ms since the epoch. */
type Hours = { now(): number }

/** CronJobs make a Job at every moment of their schedule, on the world's time, and clear the old ones away. */
export function startCronJobs(cluster: Cluster): ControlLoop {
  const { clock } = cluster.world
  const begun = clock.now() - clock.elapsed() * 1000
  const hours: Hours = { now: () => begun + clock.elapsed() * 1000 }
  const due = new Map<string, number>()
  const loop = startControlLoop({ clock, reconcile: key => reconcile(cluster, hours, due, key) })
  loop.follow(cluster.store, 'CronJob', object => [keyOf(object)])
  loop.follow(cluster.store, 'Job', object => ownerKeys(object, 'CronJob'))
  return loop
}

function reconcile(cluster: Cluster, hours: Hours, due: Map<string, number>, key: string): Again {
  const [namespace, name] = splitKey(key)
  const cron = cluster.store.get('CronJob', namespace, name)
  if (!cron || cron.metadata.deletionTimestamp) return forget(due, key)
  const now = hours.now()
  const plan = JSON.stringify([valueAt(cron, 'spec', 'schedule'), valueAt(cron, 'spec', 'timeZone')])
  const at = due.get(`${key} ${plan}`) ?? nextTime(cron, now)
  if (at !== undefined && at <= now && valueAt(cron, 'spec', 'suspend') !== true) fire(cluster, cron, at)
  forget(due, key)
  const next = at !== undefined && at > now ? at : nextTime(cron, now)
  clearAway(cluster, cron)
  report(cluster, cron)
  if (next === undefined) return undefined
  due.set(`${key} ${plan}`, next)
  return (next - now) / 1000
}

function forget(due: Map<string, number>, key: string): undefined {
  for (const each of due.keys()) if (each.startsWith(`${key} `)) due.delete(each)
}

function nextTime(cron: KubeObject, now: number): number | undefined {
  const timezone = textAt(cron, 'spec', 'timeZone') || 'UTC'
  const pattern = new Cron(textAt(cron, 'spec', 'schedule'), { timezone, paused: true })
  return pattern.nextRun(new Date(now))?.getTime()
}

function jobsOf({ store }: Cluster, cron: KubeObject): KubeObject[] {
  return ownedBy(store, 'Job', cron)
}

function fire(cluster: Cluster, cron: KubeObject, at: number): void {
  const { store, world } = cluster
  const active = jobsOf(cluster, cron).filter(job => !isFinished(job))
  const policy = textAt(cron, 'spec', 'concurrencyPolicy')
  if (policy === 'Forbid' && active.length > 0) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid'
    recordEvent(world, store, { about: cron, reason: 'JobAlreadyActive', message, component })
    return
  }
  if (policy === 'Replace') for (const job of active) remove(cluster, job)
  const template = copyJson(fieldsAt(cron, 'spec', 'jobTemplate')) as { metadata?: Fields; spec?: Fields }
  const job = store.create('Job', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...template.metadata,
      name: `${cron.metadata.name}-${Math.floor(at / 60_000)}`,
      namespace: cron.metadata.namespace ?? 'default',
      annotations: {
        ...fieldsAt(template.metadata, 'annotations'),
        'batch.kubernetes.io/cronjob-scheduled-timestamp': timestamp(at),
      } as Record<string, string>,
      ownerReferences: [controlledBy(cron)],
    },
    spec: template.spec,
  })
  const message = `Created job ${job.metadata.name}`
  recordEvent(world, store, { about: cron, reason: 'SuccessfulCreate', message, component })
  writeStatus(store, cron, {
    ...fieldsAt(cron, 'status'),
    lastScheduleTime: timestamp(world.clock.now()),
  })
}

function clearAway(cluster: Cluster, cron: KubeObject): void {
  const ended = jobsOf(cluster, cron)
    .filter(isFinished)
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? 1 : -1))
  const keep = (limit: string, jobs: readonly KubeObject[]) => {
    const most = Number(valueAt(cron, 'spec', limit) ?? 1)
    for (const job of jobs.slice(most)) remove(cluster, job)
  }
  keep('successfulJobsHistoryLimit', ended.filter(isComplete))
  keep(
    'failedJobsHistoryLimit',
    ended.filter(job => !isComplete(job)),
  )
}

function remove({ store }: Cluster, { metadata }: KubeObject): void {
  store.remove('Job', metadata.namespace, metadata.name, { propagation: 'Background' })
}

function report(cluster: Cluster, cron: KubeObject): void {
  const { namespace, name } = cron.metadata
  const now = cluster.store.get('CronJob', namespace, name)
  const jobs = jobsOf(cluster, cron)
  const active = jobs.filter(job => !isFinished(job))
  const { active: _, ...status } = fieldsAt(now, 'status')
  const times = jobs.filter(isComplete).map(job => textAt(job, 'status', 'completionTime'))
  writeStatus(cluster.store, cron, {
    ...status,
    ...(active.length > 0 ? { active: active.map(referenceTo) } : {}),
    ...(times.length > 0 ? { lastSuccessfulTime: times.sort().at(-1) } : {}),
  })
}

function referenceTo({ apiVersion, kind, metadata: { name, namespace, uid } }: KubeObject): Fields {
  return { apiVersion, kind, name, namespace, uid }
}
