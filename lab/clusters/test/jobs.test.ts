import type { KubeObject } from '@meridian/lab-kube-api'
import { textAt, valueAt } from '@meridian/lab-world/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually, type Member, startMember, startTestWorld } from '../testing/test-world.ts'

const testWorld = startTestWorld()
const batch = '/apis/batch/v1/namespaces/default'
const pods = '/api/v1/namespaces/default/pods'
const mergePatch = 'application/merge-patch+json'
let usa: Member

beforeAll(async () => {
  usa = await startMember(testWorld, 'usa')
})

afterAll(() => testWorld.close())

const template = { spec: { containers: [{ name: 'work', image: 'busybox' }], restartPolicy: 'Never' } }
const job = (name: string, spec: object = {}) => ({ metadata: { name }, spec: { template, ...spec } })

async function until(path: string, holds: (object: KubeObject) => boolean): Promise<KubeObject> {
  return eventually(async () => {
    const { status, body } = await usa.admin('GET', path)
    return status === 200 && holds(body) ? body : undefined
  })
}

const isComplete = (each: KubeObject) => JSON.stringify(each.status).includes('"Complete"')

describe('a Job', () => {
  test('is complete when its pod has ended', async () => {
    await usa.admin('POST', `${batch}/jobs`, job('once'))
    const done = await until(`${batch}/jobs/once`, isComplete)
    expect(done.status).toMatchObject({
      succeeded: 1,
      startTime: expect.any(String),
      completionTime: expect.any(String),
      conditions: [
        { type: 'SuccessCriteriaMet', status: 'True', reason: 'CompletionsReached' },
        { type: 'Complete', status: 'True', reason: 'CompletionsReached' },
      ],
    })
    const { body } = await usa.admin('GET', `${pods}?labelSelector=job-name%3Donce`)
    expect(body.items?.map(pod => textAt(pod, 'status', 'phase'))).toEqual(['Succeeded'])
  })

  test('has no more pods at a time than it may', async () => {
    await usa.admin('POST', `${batch}/jobs`, job('many', { completions: 3, parallelism: 2 }))
    const begun = await until(`${batch}/jobs/many`, each => textAt(each, 'status', 'active') === '2')
    expect(valueAt(begun, 'status', 'succeeded')).toBeUndefined()
    const done = await until(`${batch}/jobs/many`, isComplete)
    expect(done.status).toMatchObject({ succeeded: 3, ready: 0 })
  })

  test('has no pods while it is suspended', async () => {
    await usa.admin('POST', `${batch}/jobs`, job('held', { suspend: true }))
    const held = await until(`${batch}/jobs/held`, each => JSON.stringify(each).includes('JobSuspended'))
    expect(valueAt(held, 'status', 'active')).toBeUndefined()
    await usa.admin('PATCH', `${batch}/jobs/held`, { spec: { suspend: false } }, mergePatch)
    expect(await until(`${batch}/jobs/held`, isComplete)).toBeDefined()
  })

  test('goes when its time after the end is over', async () => {
    await usa.admin('POST', `${batch}/jobs`, job('brief', { ttlSecondsAfterFinished: 5 }))
    const gone = await eventually(async () => {
      const { status } = await usa.admin('GET', `${batch}/jobs/brief`)
      return status === 404 ? status : undefined
    })
    expect(gone).toBe(404)
  })
})

describe('a CronJob', () => {
  test('makes a Job at every moment of its schedule and keeps as many as it is told', async () => {
    const jobTemplate = { spec: { template } }
    const spec = { schedule: '* * * * *', successfulJobsHistoryLimit: 2, jobTemplate }
    await usa.admin('POST', `${batch}/cronjobs`, { metadata: { name: 'beat' }, spec })
    const times = new Set<string>()
    await until(`${batch}/cronjobs/beat`, cron => {
      times.add(textAt(cron, 'status', 'active', 0, 'name'))
      return times.size > 4
    })
    await usa.admin('PATCH', `${batch}/cronjobs/beat`, { spec: { suspend: true } }, mergePatch)
    // A Job that has just ended is there until the controller has looked at it.
    const kept = await eventually(async () => {
      const { body } = await usa.admin('GET', `${batch}/jobs`)
      const made = (body.items ?? []).filter(each => each.metadata.ownerReferences?.[0]?.name === 'beat')
      return made.length === 2 && made.every(isComplete) ? made : undefined
    })
    expect(kept[0]?.metadata.name).toMatch(/^beat-\d{8}$/)
  })

  test('makes none while it is suspended', async () => {
    const spec = { schedule: '* * * * *', suspend: true, jobTemplate: { spec: { template } } }
    await usa.admin('POST', `${batch}/cronjobs`, { metadata: { name: 'still' }, spec })
    await usa.admin('POST', `${batch}/jobs`, job('meanwhile', { completions: 3, parallelism: 1 }))
    await until(`${batch}/jobs/meanwhile`, isComplete)
    expect((await usa.admin('GET', `${batch}/cronjobs/still`)).body.status ?? {}).toEqual({})
  })
})
