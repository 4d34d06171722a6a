import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { create, latency } from '@meridian/lab-route53/testing'
import { findCommand } from '@meridian/lab-world/testing'
import { expect, onTestFinished, test } from 'vitest'
import { openZone } from './open-zone.ts'

const run = promisify(execFile)

/** The aws CLI of this machine, pointed at a new account; undefined where there is none. */
async function openCli() {
  if (!(await findCommand('aws'))) return undefined
  const zone = await openZone()
  const home = await mkdtemp(join(tmpdir(), 'meridian-aws-cli-'))
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    AWS_ENDPOINT_URL: zone.door.url,
    AWS_ACCESS_KEY_ID: zone.aws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: zone.aws.credentials.secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_MAX_ATTEMPTS: '1',
  }
  return {
    ...zone,
    async aws(...words: string[]) {
      const { stdout } = await run('aws', ['route53', ...words, '--output', 'json'], { env })
      return JSON.parse(stdout)
    },
  }
}

// Every call starts a Python of its own: few of them, and few in one test.
test('the aws CLI changes a group and asks for its answer', async ({ skip }) => {
  const cli = await openCli()
  if (!cli) return skip('skipped: aws not found')
  const id = ['--hosted-zone-id', cli.zone.id]
  const group = ['eu-west-1', 'us-east-1'].map(region => create(latency('www.example.com', region)))
  const batch = JSON.stringify({ Changes: group })

  const { ChangeInfo } = await cli.aws('change-resource-record-sets', ...id, '--change-batch', batch)
  expect(ChangeInfo.Status).toBe('PENDING')
  const question = ['--record-name', 'www.example.com', '--record-type', 'CNAME']
  const subnet = ['--edns0-client-subnet-ip', '134.226.1.0', '--edns0-client-subnet-mask', '24']
  const answer = await cli.aws('test-dns-answer', ...id, ...question, ...subnet)
  expect(answer.RecordData).toEqual(['app.eu-west-1.example.net'])
})

test('the aws CLI pages through a zone', async ({ skip }) => {
  const cli = await openCli()
  if (!cli) return skip('skipped: aws not found')
  const regions = ['eu-west-1', 'us-east-1', 'sa-east-1']
  await cli.change(...regions.map(region => create(latency('www.example.com', region))))

  const pages = ['--hosted-zone-id', cli.zone.id, '--page-size', '1']
  expect((await cli.aws('list-resource-record-sets', ...pages)).ResourceRecordSets).toHaveLength(5)
})

test('the aws CLI tells a refusal in the words that people quote', async ({ skip }) => {
  const cli = await openCli()
  if (!cli) return skip('skipped: aws not found')
  const change = create(latency('www.example.com', 'eu-west-1'))
  await cli.change(change)

  const batch = ['--hosted-zone-id', cli.zone.id, '--change-batch', JSON.stringify({ Changes: [change] })]
  await expect(cli.aws('change-resource-record-sets', ...batch)).rejects.toThrow(
    "An error occurred (InvalidChangeBatch) when calling the ChangeResourceRecordSets operation: [Tried to create resource record set [name='www.example.com.', type='CNAME', set-identifier='eu-west-1'] but it already exists]",
  )
})
