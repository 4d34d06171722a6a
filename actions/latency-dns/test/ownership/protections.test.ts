import { ChangeResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53'
import { expect, test } from 'vitest'
import { type Lab, openLab } from '../in-process.ts'

const three = 'us-east-1: a.example.net\neu-west-1: b.example.net\nap-northeast-1: c.example.net'
const two = 'us-east-1: a.example.net\neu-west-1: b.example.net'

/** Protects the CNAMEs of a name as somebody else would. */
function protectByHand({ universe }: Lab, record: string, comment?: string): void {
  const name = `${record}.${universe.domain}.`
  const key = `${name.split('.').toReversed().join('.').slice(1)}. CNAME`
  universe.zone.protections.set(key, { name, type: 'CNAME', ...(comment && { comment }) })
}

const written = (lab: Lab, from: number) =>
  lab
    .requests()
    .slice(from)
    .flatMap(({ write, operation }) => (write ? [operation] : []))

test('a protected group cannot be changed by others', async () => {
  await using lab = await openLab()
  await lab.run({ record: 'app', endpoints: three, protect: 'true' })
  expect(lab.protections('app')).toEqual(['CNAME', 'TXT'])
  const client = new Route53Client({ region: 'us-east-1' })
  const foreign = {
    Action: 'DELETE' as const,
    ResourceRecordSet: {
      Name: 'app.k8s.example.com',
      Type: 'CNAME' as const,
      TTL: 60,
      SetIdentifier: 'us-east-1',
      Region: 'us-east-1' as const,
      ResourceRecords: [{ Value: 'a.example.net' }],
    },
  }
  await expect(
    client.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: lab.universe.zone.id,
        ChangeBatch: { Changes: [foreign] },
      }),
    ),
  ).rejects.toThrow('change these records with latency-dns')
  client.destroy()
})

test('a second run finds it protected and writes nothing, for one more read', async () => {
  await using lab = await openLab()
  const inputs = { record: 'app', endpoints: three, protect: 'true' }
  await lab.run(inputs)
  const start = lab.requests().length
  const job = await lab.run(inputs)
  expect(job.outputs.changed).toBe(false)
  expect(job.lines.join('\n')).toContain('(3 reads, 0 writes)')
  expect(written(lab, start)).toEqual([])
})

test('a change lifts, changes and protects again; protect: false lifts for good', async () => {
  await using lab = await openLab()
  await lab.run({ record: 'app', endpoints: three, protect: 'true' })
  const start = lab.requests().length
  await lab.run({ record: 'app', endpoints: two, protect: 'true' })
  expect(written(lab, start)).toEqual([
    'DeleteResourceRecordSetProtections',
    'ChangeResourceRecordSets',
    'CreateResourceRecordSetProtections',
  ])
  await lab.run({ record: 'app', endpoints: two })
  expect([lab.protections('app'), lab.stored('app').length]).toEqual([[], 3])
})

test('destroy lifts ours and leaves nothing', async () => {
  await using lab = await openLab()
  await lab.run({ record: 'app', endpoints: three, protect: 'true' })
  await lab.run({ record: 'app', mode: 'destroy' })
  expect([lab.protections('app'), lab.stored('app')]).toEqual([[], []])
})

test.each(['apply', 'destroy'])(
  "%s refuses where somebody else's protection is in the way, and names it",
  async mode => {
    await using lab = await openLab()
    await lab.run({ record: 'app', endpoints: three })
    protectByHand(lab, 'app', 'hands off, says Kim')
    const before = lab.stored('app')
    await expect(lab.run({ record: 'app', endpoints: two, mode })).rejects.toThrow(
      'CNAME of app.k8s.example.com (hands off, says Kim)',
    )
    expect(lab.stored('app')).toEqual(before)
    expect(lab.protections('app')).toEqual(['CNAME'])
  },
)

test('a protection of a name that does not exist yet is refused as well', async () => {
  await using lab = await openLab()
  protectByHand(lab, 'app')
  await expect(lab.run({ record: 'app', endpoints: two })).rejects.toThrow('(no comment)')
})
