import type { EksHandle } from '@meridian/lab-clusters/eks'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { act, complaints } from './act.ts'

let universe: Universe
let shop: EksHandle

beforeAll(async () => {
  universe = await startUniverse({ scale: 500 })
  shop = await universe.addEksCluster('shop')
})
afterAll(() => universe.close())

const upgrade = (version: string, more = {}) =>
  act(universe, 'create-cluster', {
    ...{ name: 'usa', region: 'us-east-1', provider: 'eks', 'eks-name': 'shop' },
    ...{ upgrade: 'true', 'kubernetes-version': version, ...more },
  })
const told = ({ annotations }: Awaited<ReturnType<typeof upgrade>>) =>
  annotations.map(({ message }) => message).join('\n')

test('a dry run tells what is not of the version yet', async () => {
  const shown = await upgrade('1.36.1', { 'dry-run': 'true' })
  expect(complaints(shown)).toEqual([])
  expect(JSON.parse(shown.outputs.replaces ?? '')).toEqual([
    'EKS runs 1.35',
    ...shop.running().spec.nodes.map(({ name }) => `node ${name} runs v1.35.2-eks-b3126f4`),
  ])
})

test.each([
  ['1.34.2', 'Kubernetes does not go back'],
  ['1.37.0', 'first to 1.36'],
])('%s is refused, though others would have to make it', async (version, refusal) => {
  const refused = await upgrade(version)
  expect(refused.exitCode).toBe(1)
  expect(told(refused)).toContain(refusal)
})

test('whoever waits in vain is told who has to do what', async () => {
  const waited = await upgrade('1.36.1', { timeout: '3s' })
  expect(waited.exitCode).toBe(1)
  expect(told(waited)).toContain('last seen: EKS runs 1.35')
  expect(told(waited)).toContain(
    'aws eks update-cluster-version --region us-east-1 --name shop --kubernetes-version 1.36',
  )
})

test('it waits for EKS and for every node, which others upgrade meanwhile', async () => {
  const asked = () =>
    universe.world.requests.all().filter(({ operation }) => operation === 'DescribeCluster').length
  const before = asked()
  const waiting = upgrade('1.36.1')
  // Once to reach it, once to tell what is missing, and then again and again.
  await vi.waitUntil(() => asked() >= before + 3, { timeout: 600_000 })
  await shop.upgrade('1.36')
  await shop.upgradeNodes()
  const waited = await waiting
  expect(complaints(waited)).toEqual([])
  expect(waited.stdout).toContain('EKS runs 1.35')
  expect(waited.outputs['kubernetes-version']).toMatch(/^1\.36\./)
})

test('what is of the version already needs no wait', async () => {
  const again = await upgrade('1.36.1')
  expect(complaints(again)).toEqual([])
  expect(again.outputs.replaces).toBe('[]')
})
