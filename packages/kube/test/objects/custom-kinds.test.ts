import { expect, test } from 'vitest'
import { KubeError, listCustomKinds } from '../../src/index.ts'

const resource = (kind: string, more: object = {}) => ({
  name: `${kind.toLowerCase()}s`,
  kind,
  namespaced: true,
  verbs: ['get', 'list'],
  ...more,
})
const served: Record<string, object[]> = {
  'example.com/v2': [
    resource('Widget'),
    resource('Widget', { name: 'widgets/status' }),
    resource('Planet', { namespaced: false }),
    resource('Review', { verbs: ['create'] }),
  ],
  'gateway.networking.k8s.io/v1': [resource('Gateway')],
}

/** A server with these groups, by the version it prefers. */
const server = (versions: string[]) => {
  const request = async (_: string, path: string) => {
    const groups = versions.map(groupVersion => ({
      name: groupVersion.split('/')[0],
      versions: [{ groupVersion }],
      preferredVersion: { groupVersion },
    }))
    if (path === '/apis') return { kind: 'APIGroupList', groups }
    const resources = served[path.slice('/apis/'.length)]
    if (resources) return { kind: 'APIResourceList', resources }
    throw new KubeError('no answer', { status: 503, reason: 'ServiceUnavailable', server: 'x' })
  }
  return { server: 'x', request: request as never }
}

test('kinds that are not Kubernetes’ own are found, as far as they live in namespaces and can be listed', async () => {
  const versions = ['apps/v1', 'networking.k8s.io/v1', 'work.karmada.io/v1', ...Object.keys(served)]
  expect(await listCustomKinds(server(versions), /karmada\.io$/)).toEqual([
    { apiVersion: 'example.com/v2', kind: 'Widget' },
    { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway' },
  ])
})

test('a group that does not answer may hold anything', async () => {
  await expect(listCustomKinds(server(['silent.example.com/v1']), /^$/)).rejects.toThrow('no answer')
})

test.each([
  ['has gone since it was listed, holds nothing', [], []],
  ['is listed still, may hold anything', ['example.com/v1'], undefined],
])('a group for which something that is not Kubernetes answers, if it %s', async (_, later, kinds) => {
  const page = new KubeError('404', { status: 0, reason: 'ForeignAnswer', server: 'x' })
  const lists = [server(['example.com/v1']), server(later)]
  const request = async (method: string, path: string) => {
    if (path !== '/apis') throw page
    const now = lists.shift() as { request(method: string, path: string): unknown } | undefined
    return now?.request(method, path)
  }
  const found = listCustomKinds({ server: 'x', request: request as never }, /^$/)
  if (kinds) expect(await found).toEqual(kinds)
  else await expect(found).rejects.toBe(page)
})
