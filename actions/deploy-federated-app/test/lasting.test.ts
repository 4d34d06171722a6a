import { afterAll, beforeAll, expect, test } from 'vitest'
import { LastingError } from '../src/give-up.ts'
import { configMap, type LabFederation, service, startFederation } from './lab-federation.ts'

let lab: LabFederation
beforeAll(async () => {
  lab = await startFederation(['usa', 'eur'])
})
afterAll(() => lab.close())

test('what a member has of another ends the run at once, names it, and is taken over when told so', async () => {
  lab.member('eur').create('ConfigMap', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', namespace: 'default' },
    data: { key: 'theirs' },
  })
  const app = [configMap('web'), service('web', 'ClusterIP')].join('---')
  const failure = await lab.deploy(app).then(
    () => new Error('it went well'),
    (error: Error) => error,
  )
  expect(failure).toBeInstanceOf(LastingError)
  expect(failure.message).toMatch(/\n- ConfigMap default\/web in eur: .*already exists in the cluster eur/)
  expect(lab.member('eur').get('ConfigMap', 'default', 'web')?.data).toEqual({ key: 'theirs' })
  await lab.deploy(app, { adopt: 'true' })
  expect(lab.member('eur').get('ConfigMap', 'default', 'web')?.data).toEqual({ key: 'v' })
})
