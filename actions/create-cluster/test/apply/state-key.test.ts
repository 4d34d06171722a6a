import { fileURLToPath } from 'node:url'
import { documentedBoundary, documentedPolicies, labKey } from '@meridian/lab-aws'
import { type ActionRun, runAction } from '@meridian/lab-runner'
import { labBoundary, startUniverse, type Universe, type UniverseOptions } from '@meridian/lab-universe'
import { expect, onTestFinished, test } from 'vitest'
import { keyAdvice } from '../../src/apply/state-key.ts'

const dir = fileURLToPath(new URL('../..', import.meta.url))
const bucket = 'usa.k8s.example.com-state'
const arn = `arn:aws:kms:us-east-1:111122223333:key/${labKey}`

async function open(options: UniverseOptions = {}): Promise<Universe> {
  const universe = await startUniverse({ scale: 10_000, ...options })
  onTestFinished(() => universe.close())
  return universe
}

function run({ env }: Universe, inputs: Record<string, string> = {}): Promise<ActionRun> {
  const usual = { name: 'usa', domain: 'k8s.example.com', zones: 'us-east-1a', 'state-kms-key': labKey }
  return runAction({
    dir,
    inputs: { ...usual, 'validate-count': '1', 'permissions-boundary': labBoundary, ...inputs },
    env,
  })
}

const said = ({ annotations }: ActionRun) => annotations.map(({ message }) => message).join('\n')
const encryptionIn = ({ aws }: Universe) => aws.s3.buckets().find(({ name }) => name === bucket)?.encryption

test('a bucket that is made is encrypted with the key, and so is what kops writes there', async () => {
  const universe = await open()
  const made = await run(universe)
  expect(said(made)).toBe('')
  expect(made.outputs['kubernetes-version']).toBe('1.35.7')
  expect(encryptionIn(universe)).toEqual({ algorithm: 'aws:kms', keyId: arn, bucketKey: true })
  const keys = universe.aws.s3.buckets().flatMap(({ objects }) => objects.all())
  expect(new Set(keys.map(({ headers }) => headers['x-amz-server-side-encryption-aws-kms-key-id']))).toEqual(
    new Set([arn]),
  )

  const second = await run(universe)
  expect(said(second)).toBe('')
  const other = '1234abcd-12ab-34cd-56ef-1234567890ab'
  const warned = await run(universe, { 'state-kms-key': arn.replace(labKey, other) })
  expect(said(warned)).toMatch(new RegExp(`encrypts with ${arn}, not with .*${other}.*stays as it is`))
  expect(encryptionIn(universe)?.keyId).toBe(arn)
})

test('a role that may not use the key is told what it lacks', async () => {
  const refused = await run(await open({ policies: documentedPolicies({ StateKey: 'none' }) }))
  expect(refused.exitCode).toBe(1)
  expect(said(refused)).toContain('the permission kms:GenerateDataKey is missing')
  expect(said(refused)).toContain('StateKey')
})

test('machines whose boundary leaves them no key never come', async () => {
  const universe = await open({ boundary: documentedBoundary({ StateKey: 'none' }) })
  await run(universe, { wait: 'false' })
  expect(universe.world.inventory.list({ type: 'instance' })).toHaveLength(2)
  expect(universe.clusters.view('usa.k8s.example.com')).toBeUndefined()
  expect(keyAdvice({ stateKmsKey: arn })).toContain('StateKey')
})

test('a key that there is not is told by KMS', async () => {
  const refused = await run(await open({ policies: documentedPolicies({ StateKey: '*' }) }), {
    'state-kms-key': arn.replace(labKey, labKey.replace('1', '2')),
  })
  expect(refused.exitCode).toBe(1)
  expect(said(refused)).toMatch(/Key 'arn:aws:kms:\S+' does not exist/)
  expect(said(refused)).toContain('state-kms-key')
})
