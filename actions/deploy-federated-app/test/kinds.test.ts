import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LabFederation, service, startFederation } from './lab-federation.ts'

const names = ['usa', 'eur'] as const
let lab: LabFederation

beforeAll(async () => {
  lab = await startFederation(names)
})
afterAll(() => lab.close())

const worksOf = (name: string) =>
  lab.fed.list('Work').filter(work => JSON.stringify(work.spec).includes(`"name":"${name}"`))

test('a Service chooses its node ports in each member, also the one by which load balancers look for its pods', async () => {
  await lab.deploy(service('local').replace('type:', 'externalTrafficPolicy: Local, type:'))
  expect(
    worksOf('local').map(work => /nodePort|healthCheckNodePort/i.exec(JSON.stringify(work.spec))),
  ).toEqual([null, null])
  for (const name of names)
    expect(lab.member(name).get('Service', 'default', 'local')).toMatchObject({
      spec: { healthCheckNodePort: expect.any(Number) },
    })
})
