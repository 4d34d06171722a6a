import { judgeClaim, makeMark } from '@meridian/identity'
import type { Leak } from '@meridian/inventory'
import { expect, test } from 'vitest'
import type { FoundCluster } from '../../src/survey/cluster.ts'
import { findSilentHosts, judgeSilentHost } from '../../src/survey/judge-silence.ts'
import { identityOf } from '../lab-environment.ts'

const of = (type: string, tags: Record<string, string> = {}): Leak => ({
  id: type,
  type,
  region: 'us-east-1',
  hourlyCost: 0,
  cluster: 'usa.k8s.example.com',
  tags,
})
const machine = of('ec2:instance')
const balancer = (service: string) =>
  of('elasticloadbalancing:loadbalancer', { 'kubernetes.io/service-name': service })
const api = balancer('karmada-system/karmada-apiserver-lb')
const app = balancer('shop/web')

/** A cluster of ours with what AWS has of it: of machines it knows the owner, of load balancers it does not. */
function found(resources: readonly Leak[], config: object | undefined = { region: 'us-east-1', labels: {} }) {
  const identity = identityOf('default')
  const ours = resources.filter(({ type }) => type === 'ec2:instance')
  return {
    cluster: { name: 'usa', fullName: 'usa.k8s.example.com' },
    config,
    claim: judgeClaim({}, { kind: 'marked', mark: makeMark(identity) }, identity),
    resources: { ours, others: [], unmarked: resources.filter(one => !ours.includes(one)) },
  } as unknown as FoundCluster
}

test.each<[string, FoundCluster, readonly string[], boolean]>([
  ['with machines and the load balancer of a federation’s API', found([machine, api]), [], true],
  ['of which the state is lost', found([machine, api], undefined), [], true],
  ['that answers', found([machine, api]), ['usa'], false],
  ['whose machines are gone', found([api]), [], false],
  ['that never came up', found([machine]), [], false],
  ['that has load balancers of apps only', found([machine, app]), [], false],
  ['of which there is nothing', found([], undefined), [], false],
])('a cluster %s is a silent host or not', (_, cluster, answering, expected) => {
  expect(findSilentHosts([cluster], new Set(answering)).length > 0).toBe(expected)
})

test('a silent host goes by somebody’s word only, and with what is seen of others not at all', () => {
  const seen = [{ what: 'Deployment b/web in eur', whose: 'x.com of acme/b' }]
  const judge = (force: boolean, others: typeof seen) =>
    judgeSilentHost(found([machine, api]), { force }, others)?.message ?? 'goes'
  expect(judge(false, [])).toContain('usa does not answer, and is the host of a federation')
  expect(judge(true, [])).toBe('goes')
  for (const force of [false, true])
    expect(judge(force, seen)).toContain('Deployment b/web in eur (it belongs to x.com of acme/b)')
})
