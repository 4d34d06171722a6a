import { KubeError, type KubeObject } from '@meridian/kube'
import { expect, test } from 'vitest'
import { hashAnnotation } from '../../src/plan/mark-object.ts'
import { createOutdatedCopyFinder } from '../../src/status/find-outdated-copies.ts'
import type { TemplateStatus } from '../../src/status/template-status.ts'

const service = (hash: string | undefined): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'web',
    namespace: 'shop',
    annotations: hash === undefined ? {} : { [hashAnnotation]: hash },
  },
})

/** Of a Service whose report in `usa` tells `status`. */
const statusOf = (status: object = {}): TemplateStatus => ({
  template: service('new'),
  binding: {
    ...service(undefined),
    spec: {},
    status: { aggregatedStatus: [{ clusterName: 'usa', applied: true, status }] },
  },
  status: { done: true, reason: '', unbalanced: false, missed: [], regions: [] },
})

/** What is said where the member has this copy of it, or answers with this error. */
function look(
  copy: KubeObject | KubeError,
  of = statusOf(),
  changed = ['Service shop/web'],
): Promise<string[]> {
  const request = async (_: string, path: string) => {
    if (path.endsWith('/clusters/usa/proxy/api/v1'))
      return { kind: 'APIResourceList', resources: [{ name: 'services', kind: 'Service', namespaced: true }] }
    if (copy instanceof KubeError) throw copy
    expect(path).toMatch(/\/clusters\/usa\/proxy\/api\/v1\/namespaces\/shop\/services\/web$/)
    return copy
  }
  const federation = { server: 'https://fed', request, serverTime: Date.now } as never
  return createOutdatedCopyFinder(federation, { names: new Set(changed), labels: {} })([of])
}

test.each([
  ['has the version before', service('old'), ['Service shop/web in usa']],
  ['has what was applied', service('new'), []],
  ['has one that tells no version', service(undefined), []],
  ['does not answer', new KubeError('gone', { status: 503, reason: '', server: 'usa' }), []],
  ['does not have it', new KubeError('none', { status: 404, reason: 'NotFound', server: 'usa' }), []],
])('a member that %s', async (_, copy, expected) => {
  expect(await look(copy)).toEqual(expected)
})

test('a report that tells the generation of its template is not looked behind', async () => {
  expect(await look(service('old'), statusOf({ resourceTemplateGeneration: 2 }))).toEqual([])
})

test('what this run has not changed is not looked for', async () => {
  expect(await look(service('old'), statusOf(), [])).toEqual([])
})
