import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { create, keysOf, name, resourcesOf, state } from '../testing/kops-cluster.ts'
import { openToolWorld } from '../testing/tool-world.ts'

async function openWorld(faults: string[]) {
  const lab = await openToolWorld({ faults })
  onTestFinished(() => lab.close())
  return lab
}

test.each([
  [
    'deny:ec2:CreateSubnet',
    `Subnet/us-east-1a.${name}`,
    'error creating subnet: operation error EC2: CreateSubnet, https response error StatusCode: 403,',
    'is not authorized to perform: ec2:CreateSubnet on resource: arn:aws:ec2:us-east-1:111122223333:subnet/*',
  ],
  [
    'vpc-quota',
    `VPC/${name}`,
    'error creating VPC: operation error EC2: CreateVpc, https response error StatusCode: 400,',
    'api error VpcLimitExceeded: The maximum number of VPCs has been reached.',
  ],
  [
    'no-image',
    `LaunchTemplate/control-plane-us-east-1a.masters.${name}`,
    'error creating LaunchTemplate: could not find Image for "',
    '',
  ],
])('as the fault %s a creation is tried for ten minutes, then fails', async (fault, task, words, more) => {
  const lab = await openWorld([fault])
  const { exitCode, stderr } = await lab.kops(`${create} --yes`)

  expect(exitCode).toBe(1)
  expect(stderr).toContain(`error running task "${task}" (9m59s remaining to succeed): ${words}`)
  const [last = ''] = stderr.trimEnd().split('\n').slice(-1)
  expect(last).toContain(
    `Error: error running tasks: deadline exceeded executing task ${task}. Example error: `,
  )
  expect(last).toContain(more)
  expect(await keysOf(lab)).toContain(`${name}/config`)
})

test('a clock that is 20 minutes late is corrected', async () => {
  const lab = await openWorld(['clock-skew:20'])

  expect(await lab.kops(`${create} --yes`)).toMatchObject({ exitCode: 0 })
})

test('a session that ends is the end', async () => {
  const lab = await openWorld(['expire-sessions:4'])
  const { accessKeyId, secretAccessKey, sessionToken } = lab.issueSession()
  const given = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }

  const ended = await lab.kops(`${create} --yes`, { ...given, AWS_SESSION_TOKEN: sessionToken })
  expect([ended.exitCode, ended.stderr]).toEqual([1, expect.stringContaining('api error ExpiredToken')])
})

test('a web identity is used again when its session is about to end', async () => {
  const lab = await openWorld(['short-sessions:5'])
  const tokenFile = join(lab.directory, 'token')
  await writeFile(tokenFile, identityToken)

  const made = await lab.kops(`${create} --yes`, {
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/deployer',
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
  })
  expect(made).toMatchObject({ exitCode: 0 })
  const assumed = lab.world.requests.all().filter(({ operation }) => operation.startsWith('AssumeRole'))
  expect(assumed.length).toBeGreaterThan(1)
})

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const claims = { aud: 'sts.amazonaws.com', sub: 'repo:o/r:ref:refs/heads/main', exp: 4_102_444_800 }
const identityToken = [encode({ alg: 'RS256' }), encode(claims), 'signature'].join('.')

test('a throttled request is sent again, and a listing that is refused ends a deletion at once', async () => {
  const lab = await openWorld([])
  lab.world.faults.requests.plan({ failure: 'throttle', nth: 1, times: 2, operation: 'CreateVpc' })
  expect(await lab.kops(`${create} --yes`)).toMatchObject({ exitCode: 0 })
  const before = resourcesOf(lab).length

  const denied = await openWorld(['deny:iam:ListRoles'])
  await denied.kops(create)
  const { exitCode, stderr } = await denied.kops(`delete cluster ${name} ${state} --yes`)

  expect(before).toBeGreaterThan(20)
  expect(exitCode).toBe(1)
  expect(stderr).toContain('Error: error listing resources: operation error IAM: ListRoles')
})
