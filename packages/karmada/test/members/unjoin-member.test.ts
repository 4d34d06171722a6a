import { type Kube, KubeError, type KubeObject, type ObjectRef } from '@meridian/kube'
import { testJob } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { unjoinMember } from '../../src/index.ts'
import { ownMember } from '../use-identity.ts'

const held = 'meridian.dev/member-accounts'
const ofKarmada = ['karmada.io/execution-controller', 'karmada.io/cluster-controller']

/** A control plane whose member never lets go: its objects stay until their finalizers are taken away. */
function stuckFederation(ready = 'False', others: string[] = []) {
  const object = (kind: string, name: string, namespace?: string): KubeObject => ({
    apiVersion: 'x/v1',
    kind,
    metadata: { name, ...(namespace && { namespace, finalizers: [...ofKarmada.slice(0, 1), ...others] }) },
  })
  const manifests = [object('Deployment', 'web', 'shop')]
  const works = [
    { ...object('Work', 'web-1', 'karmada-es-eur'), spec: { workload: { manifests } } },
    object('Work', 'web-2', 'karmada-es-eur'),
  ]
  const { cluster } = ownMember('eur')
  const metadata = { ...cluster.metadata, finalizers: ofKarmada.slice(1) }
  const eur = { ...cluster, metadata, status: { conditions: [{ type: 'Ready', status: ready }] } }
  const kept: KubeObject[] = [...works, eur]
  const forced: string[] = []
  const find = (name: string) => kept.find(each => each.metadata.name === name)
  const calls: Partial<Kube> = {
    remove: async (): Promise<boolean> => {
      eur.metadata = { ...eur.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' }
      return true
    },
    get: async <T>() => structuredClone(find('eur')) as T | undefined,
    list: async <T>() => kept.filter(({ kind }) => kind === 'Work') as T[],
    patch: async <T>(ref: ObjectRef, body: object) => {
      const found = find(ref.name)
      if (found === undefined) return undefined as T
      const before = found.metadata.finalizers ?? []
      const { finalizers } = (body as { metadata: { finalizers: string[] | null } }).metadata
      found.metadata.finalizers = finalizers ?? []
      if (ofKarmada.some(each => before.includes(each) && !finalizers?.includes(each)))
        forced.push(`${ref.kind} ${ref.name}`)
      if (found.metadata.finalizers.length === 0) kept.splice(kept.indexOf(found), 1)
      return structuredClone(found) as T
    },
  }
  const left = () => kept.map(({ metadata: { name, finalizers } }) => [name, finalizers])
  return { federation: calls as Kube, forced, left }
}

const unreachable = () =>
  Promise.reject(new KubeError('no such host', { status: 0, reason: 'Unreachable', server: 'eur' }))

describe('a member that does not let go', () => {
  test('is taken out by force after its time, Works first, and that is said', async () => {
    const job = testJob()
    const { federation, forced } = stuckFederation()
    const isOwn = ({ metadata }: KubeObject) => metadata.name === 'web'
    const outcome = await unjoinMember(job, federation, ownMember('eur'), { timeout: 1, isOwn })
    const left = ['Deployment shop/web', 'Work web-2', 'namespace karmada-cluster']
    expect(outcome).toEqual({ name: 'eur', outcome: 'forced', left, own: ['Deployment shop/web'] })
    expect(forced).toEqual(['Work web-1', 'Work web-2', 'Cluster eur'])
    expect(job.lines.join()).toContain('still propagated to it: Deployment shop/web, Work web-2')
    expect(job.lines.join()).toContain('eur is dead and did not let go within the time')
  })

  test('is waited for by Meridian itself until its accounts are out of it', async () => {
    const { federation, left } = stuckFederation()
    const seen: unknown[] = []
    const get = (): Promise<undefined> => {
      seen.push(...left())
      return Promise.resolve(undefined)
    }
    const member = { get } as Partial<Kube> as Kube
    await unjoinMember(testJob(), federation, ownMember('eur'), { timeout: 1, member })
    expect(seen).toContainEqual(['eur', [held]])
    expect(left()).toEqual([])
  })

  test('is not taken from those who hold something of it besides Karmada', async () => {
    const { federation, left } = stuckFederation('False', ['example.com/backup'])
    await unjoinMember(testJob(), federation, ownMember('eur'), { timeout: 1 })
    expect(left()).toEqual([
      ['web-1', ['example.com/backup']],
      ['web-2', ['example.com/backup']],
    ])
  })

  test('though it lives is not forced, and what holds it is named', async () => {
    const { federation, forced } = stuckFederation('True')
    const stuck = unjoinMember(testJob(), federation, ownMember('eur'), { timeout: 1 })
    await expect(stuck).rejects.toThrow('still propagated to it: Deployment shop/web')
    expect(forced).toEqual([])
  })

  test('is forced where the caller knows it dead, whatever the control plane has last seen', async () => {
    const { federation } = stuckFederation('True')
    const outcome = await unjoinMember(testJob(), federation, ownMember('eur'), { timeout: 1, dead: true })
    expect(outcome.outcome).toBe('forced')
  })

  test('is not forced when the whole run is out of time', async () => {
    const { federation, forced } = stuckFederation()
    const late = testJob({ deadline: Date.now() - 1 })
    await expect(unjoinMember(late, federation, ownMember('eur'), { timeout: 1 })).rejects.toThrow('waited')
    expect(forced).toEqual([])
  })

  test('and cannot be reached itself is warned of, since accounts are left in it', async () => {
    const job = testJob()
    const { federation } = stuckFederation()
    const member = { get: unreachable } as Partial<Kube> as Kube
    await unjoinMember(job, federation, ownMember('eur'), { timeout: 1, member })
    expect(job.lines.join()).toContain('eur: the accounts of the federation are still in it: no such host')
  })
})
