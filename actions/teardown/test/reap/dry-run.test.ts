import type { Universe } from '@meridian/lab-universe'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { writes } from '../lab-environment.ts'
import { bucketOf, nameIn, plant, reap, startReaping } from './lab-reap.ts'

let universe: Universe
beforeEach(async () => {
  universe = await startReaping()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await universe.close()
})

const dryRun = async () => {
  const ended = await reap(universe, { 'dry-run': 'true' })
  return { ...ended, summary: ended.job.summaries.join() }
}

test('a dry run lists every thing that would go with its environment, and what stays of it', async () => {
  const name = await plant(universe, 'pr-1', { expires: -1, built: true })
  await plant(universe, 'pr-2', { expires: 1 })
  universe.aws.s3.putObject(bucketOf('pr-1'), 'backup.tar', 'x')
  const { error, summary } = await dryRun()
  expect(error).toBeUndefined()
  expect(summary).toContain(`| cluster | <code>${name}</code> | us-east-1 |`)
  expect(summary).toContain(`| state | <code>s3://${bucketOf('pr-1')}/${name}</code> | us-east-1 |`)
  expect(summary).not.toContain('| state bucket |')
  expect(summary).toMatch(/- pr-1\.k8s\.example\.com: .*backup\.tar/)
  expect(summary).not.toContain(`<code>${nameIn('pr-2')}</code>`)
})

test('a dry run tells what would be refused, goes on with the others, and fails', async () => {
  const name = await plant(universe, 'pr-1', { expires: -1, built: true })
  universe.aws.s3.putObject(bucketOf('pr-1'), `${name}/notes.txt`, 'x')
  await plant(universe, 'pr-2', { expires: -1 })
  const { error, job, summary } = await dryRun()
  expect(error?.message).toContain(`lies what kops has not made: ${name}/notes.txt`)
  expect(summary).toContain(`| state bucket | <code>${bucketOf('pr-2')}</code> | us-east-1 |`)
  expect([job.outputs.clean, writes(universe)]).toEqual([false, []])
})
