import { type Kube, KubeError, type KubeObject } from '@meridian/kube'
import { testJob } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { unjoinMember } from '../../src/index.ts'
import { ownMember } from '../use-identity.ts'

/** A control plane whose member never lets go: its objects stay until their finalizers are taken away. */
function stuckFederation(ready = 'False'): { federation: Kube; patched: string[] } {
  const patched: string[] = []
  const object = (kind: string, name: string, namespace?: string): KubeObject => ({
    apiVersion: 'x/v1',
    kind,
    metadata: { name, ...(namespace && { namespace }) },
  })
  const manifests = [object('Deployment', 'web', 'shop')]
  const works = [
    { ...object('Work', 'web-1', 'karmada-es-eur'), spec: { workload: { manifests } } },
    object('Work', 'web-2', 'karmada-es-eur'),
  ]
  const eur = { ...ownMember('eur').cluster, status: { conditions: [{ type: 'Ready', status: ready }] } }
  const calls: Partial<Kube> = {
    remove: async () => true,
    get: async <T>() => (patched.includes('Cluster eur') ? undefined : (eur as unknown as T)),
    list: async <T>() => works.filter(({ metadata }) => !patched.includes(`Work ${metadata.name}`)) as T[],
    patch: async (ref, body) => {
      const { finalizers } = (body as { metadata: { finalizers: string[] | null } }).metadata
      if (finalizers !== null) {
        expect([ref.name, finalizers]).toEqual(['eur', ['meridian.dev/member-accounts']])
        return eur as never
      }
      patched.push(`${ref.kind} ${ref.name}`)
      return undefined
    },
  }
  return { federation: calls as Kube, patched }
}

const unreachable = () =>
  Promise.reject(new KubeError('no such host', { status: 0, reason: 'Unreachable', server: 'eur' }))

describe('a member that does not let go', () => {
  test('is taken out by force after its time, Works first, and that is said', async () => {
    const job = testJob()
    const { federation, patched } = stuckFederation()
    const isOwn = ({ metadata }: KubeObject) => metadata.name === 'web'
    const outcome = await unjoinMember(job, federation, ownMember('eur'), { timeout: 1, isOwn })
    const left = ['Deployment shop/web', 'Work web-2', 'namespace karmada-cluster']
    expect(outcome).toEqual({ name: 'eur', outcome: 'forced', left, own: ['Deployment shop/web'] })
    expect(patched).toEqual(['Work web-1', 'Work web-2', 'Cluster eur'])
    expect(job.lines.join()).toContain('still propagated to it: Deployment shop/web, Work web-2')
    expect(job.lines.join()).toContain('eur is dead and did not let go within the time')
  })

  test('though it lives is not forced, and what holds it is named', async () => {
    const { federation, patched } = stuckFederation('True')
    const stuck = unjoinMember(testJob(), federation, ownMember('eur'), { timeout: 1 })
    await expect(stuck).rejects.toThrow('still propagated to it: Deployment shop/web')
    expect(patched).toEqual([])
  })

  test('is forced where the caller knows it dead, whatever the control plane has last seen', async () => {
    const { federation } = stuckFederation('True')
    const outcome = await unjoinMember(testJob(), federation, ownMember('eur'), { timeout: 1, dead: true })
    expect(outcome.outcome).toBe('forced')
  })

  test('is not forced when the whole run is out of time', async () => {
    const { federation, patched } = stuckFederation()
    const late = testJob({ deadline: Date.now() - 1 })
    await expect(unjoinMember(late, federation, ownMember('eur'), { timeout: 1 })).rejects.toThrow('waited')
    expect(patched).toEqual([])
  })

  test('and cannot be reached itself is warned of, since accounts are left in it', async () => {
    const job = testJob()
    const { federation } = stuckFederation()
    const member = { get: unreachable } as Partial<Kube> as Kube
    await unjoinMember(job, federation, ownMember('eur'), { timeout: 1, member })
    expect(job.lines.join()).toContain('eur: the accounts of the federation are still in it: no such host')
  })
})
