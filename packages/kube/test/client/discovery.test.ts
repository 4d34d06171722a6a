import { describe, expect, test } from 'vitest'
import { createDiscovery, resourcePath } from '../../src/client/discovery.ts'
import { KubeError } from '../../src/index.ts'

const deployments = { name: 'deployments', kind: 'Deployment', namespaced: true }
const nodes = { name: 'nodes', kind: 'Node', namespaced: false }

describe('the path of an object', () => {
  test.each([
    [
      { apiVersion: 'apps/v1', kind: 'Deployment' },
      deployments,
      { namespace: 'shop', name: 'web' },
      '/apis/apps/v1/namespaces/shop/deployments/web',
    ],
    [{ apiVersion: 'apps/v1', kind: 'Deployment' }, deployments, {}, '/apis/apps/v1/deployments'],
    [{ apiVersion: 'v1', kind: 'Node' }, nodes, { namespace: 'shop', name: 'a' }, '/api/v1/nodes/a'],
    [{ apiVersion: 'v1', kind: 'Node' }, nodes, { name: 'system:a/b' }, '/api/v1/nodes/system%3Aa%2Fb'],
  ])('of %j with %j', (type, resource, place, path) => {
    expect(resourcePath(type, resource, place)).toBe(path)
  })
})

describe('discovery', () => {
  const answer = {
    kind: 'APIResourceList',
    resources: [deployments, { ...deployments, name: 'deployments/scale', kind: 'Scale' }],
  }

  test('asks for each group version once, also when asked twice at the same time', async () => {
    const asked: string[] = []
    const discovery = createDiscovery('s', async path => {
      asked.push(path)
      return answer
    })
    const type = { apiVersion: 'apps/v1', kind: 'Deployment' }
    await Promise.all([discovery.find(type), discovery.find(type)])
    expect(await discovery.find(type)).toEqual(deployments)
    expect(asked).toEqual(['/apis/apps/v1'])
  })

  test('does not take a subresource for a kind', async () => {
    const discovery = createDiscovery('s', async () => answer)
    const failure = discovery.find({ apiVersion: 'apps/v1', kind: 'Scale' })
    await expect(failure).rejects.toMatchObject({ reason: 'UnknownKind', status: 404 })
  })

  test('asks again for a kind that was not there, since it may be defined meanwhile', async () => {
    const answers = [{ ...answer, resources: [] }, answer]
    const discovery = createDiscovery('s', async () => answers.shift())
    const type = { apiVersion: 'apps/v1', kind: 'Deployment' }
    await expect(discovery.find(type)).rejects.toBeInstanceOf(KubeError)
    expect(await discovery.find(type)).toEqual(deployments)
  })

  test('asks again for a group that came while it was looked for', async () => {
    const page = new KubeError('404', { status: 0, reason: 'ForeignAnswer', server: 's' })
    const groups = { kind: 'APIGroupList', groups: [{ versions: [{ groupVersion: 'apps/v1' }] }] }
    const answers = [Promise.reject(page), groups, answer]
    const discovery = createDiscovery('s', async () => answers.shift())
    expect(await discovery.find({ apiVersion: 'apps/v1', kind: 'Deployment' })).toEqual(deployments)
  })

  test('takes what answers for a group that is listed, time and again, for what it is', async () => {
    const page = new KubeError('404', { status: 0, reason: 'ForeignAnswer', server: 's' })
    const groups = { kind: 'APIGroupList', groups: [{ versions: [{ groupVersion: 'apps/v1' }] }] }
    const discovery = createDiscovery('s', async path => (path === '/apis' ? groups : Promise.reject(page)))
    await expect(discovery.find({ apiVersion: 'apps/v1', kind: 'Deployment' })).rejects.toBe(page)
  })

  test('does not remember a failure', async () => {
    let count = 0
    const discovery = createDiscovery('s', async () => {
      count += 1
      if (count === 1) throw new Error('reset')
      return answer
    })
    const type = { apiVersion: 'apps/v1', kind: 'Deployment' }
    await expect(discovery.find(type)).rejects.toThrow('reset')
    expect(await discovery.find(type)).toEqual(deployments)
  })
})
