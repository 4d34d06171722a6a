import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LabFederation, service, startFederation } from './lab-federation.ts'

const names = ['usa', 'eur'] as const
let lab: LabFederation

beforeAll(async () => {
  lab = await startFederation(names)
})
afterAll(() => lab.close())

/** What is sent to the members of an object of this name. */
const sent = (name: string) =>
  lab.fed
    .list('Work')
    .map(work => JSON.stringify(work.spec))
    .filter(text => text.includes(`"name":"${name}"`))

test('a Service chooses its node ports in each member, also that of its health check', async () => {
  await lab.deploy(service('local').replace('type:', 'externalTrafficPolicy: Local, type:'))
  expect(sent('local').map(text => /"(nodePort|healthCheckNodePort)"/.exec(text))).toEqual([null, null])
  for (const name of names)
    expect(lab.member(name).get('Service', 'default', 'local')).toMatchObject({
      spec: { healthCheckNodePort: expect.any(Number) },
    })
})
