import { join } from 'node:path'
import { create as createElsewhere, makeBucket, name, runChild } from '@meridian/lab-tools/testing'
import { labBoundary, startUniverse, type Universe } from '@meridian/lab-universe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

// The policy of kops is for buckets of such names only.
const state = '--state=s3://usa-state'
const create = createElsewhere.replace(
  's3://state',
  `s3://usa-state --set=spec.iam.permissionsBoundary=${labBoundary}`,
)

let lab: Universe

beforeEach(async () => {
  lab = await startUniverse({ scale: 10_000 })
  await makeBucket(lab.url, lab.aws.credentials, 'usa-state')
})
afterEach(() => lab.close())

const kops = (line: string) =>
  runChild(join(lab.directory, 'bin', 'kops'), line.split(' '), { ...lab.env, HOME: lab.directory })

const addresses = () =>
  lab.zone.records.all().flatMap(({ name, type, values }) => (type === 'A' ? [[name, ...values]] : []))

describe('a cluster with its name in a hosted zone', () => {
  test('becomes healthy once its placeholder address is replaced, and takes its records with it', async () => {
    const made = await kops(`${create} --dns-zone=k8s.example.com --yes`)
    expect(made).toMatchObject({ exitCode: 0 })
    expect(addresses().map(([record]) => record)).toEqual([
      `api.${name}.`,
      `api.internal.${name}.`,
      `kops-controller.internal.${name}.`,
    ])
    const healthy = await kops(`validate cluster ${name} ${state} --wait=60m`)
    expect(healthy).toMatchObject({ exitCode: 0 })
    expect(addresses()[0]).toEqual([`api.${name}.`, '198.51.100.17'])
    const deleted = await kops(`delete cluster ${name} ${state} --yes`)
    expect(deleted.stdout).toContain(`route53-record:api.${name}.\tok\n`)
    expect([deleted.exitCode, addresses()]).toEqual([0, []])
  })

  test('needs a zone that exists before it makes anything', async () => {
    const { exitCode, stderr } = await kops(`${create} --dns-zone=other.example.com --yes`)
    expect(exitCode).toBe(1)
    expect(stderr).toContain(
      'Error: cannot find DNS Zone "other.example.com".  Please pre-create the zone and set up NS records so that it resolves\n',
    )
    expect(lab.world.inventory.list({ type: 'vpc' })).toEqual([])
  })
})
