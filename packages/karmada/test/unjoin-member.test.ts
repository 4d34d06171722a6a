import { type Kube, KubeError, type KubeObject } from '@meridian/kube'
import { testJob } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { unjoinMember } from '../src/index.ts'

/** A control plane whose member never lets go: its objects stay until their finalizers are taken away. */
function stuckFederation(): { federation: Kube; patched: string[] } {
  const patched: string[] = []
  const object = (kind: string, name: string, namespace?: string): KubeObject => ({
    apiVersion: 'x/v1',
    kind,
    metadata: { name, ...(namespace && { namespace }) },
  })
  const works = [object('Work', 'web-1', 'karmada-es-eur'), object('Work', 'web-2', 'karmada-es-eur')]
  const calls: Partial<Kube> = {
    remove: async () => true,
    get: async <T>() => (patched.includes('Cluster eur') ? undefined : (object('Cluster', 'eur') as T)),
    list: async <T>() => works.filter(({ metadata }) => !patched.includes(`Work ${metadata.name}`)) as T[],
    patch: async (ref, body) => {
      expect(body).toEqual({ metadata: { finalizers: null } })
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
    const outcome = await unjoinMember(job, federation, 'eur', { timeout: 1 })
    expect(outcome).toEqual({ name: 'eur', outcome: 'forced' })
    expect(patched).toEqual(['Work web-1', 'Work web-2', 'Cluster eur'])
    expect(job.lines.join()).toContain('2 propagated objects are left')
    expect(job.lines.join()).toContain('eur did not let go within the time')
  })

  test('is not forced when the whole run is out of time', async () => {
    const { federation, patched } = stuckFederation()
    const late = testJob({ deadline: Date.now() - 1 })
    await expect(unjoinMember(late, federation, 'eur', { timeout: 1 })).rejects.toThrow('waited')
    expect(patched).toEqual([])
  })

  test('and cannot be reached itself is warned of, since accounts are left in it', async () => {
    const job = testJob()
    const { federation } = stuckFederation()
    const member = { list: unreachable } as Partial<Kube> as Kube
    await unjoinMember(job, federation, 'eur', { timeout: 1, member })
    expect(job.lines.join()).toContain('eur: the accounts of the federation are still in it: no such host')
  })
})
