import { judgeClaim, makeMark, type Reading, unmarked, unreadable } from '@meridian/identity'
import type { JudgedMember, JudgedPlane, Tenant } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { UserError } from '@meridian/runner'
import { expect, test } from 'vitest'
import type { Scope } from '../src/inputs.ts'
import type { FoundCluster } from '../src/survey/cluster.ts'
import { planFederation } from '../src/survey/plan-federation.ts'
import { identityOf } from './lab-environment.ts'

const identity = identityOf('default')
const theirs = { ...identity, repository: { id: '7', name: 'acme/b' } }
const marked = (by: typeof identity): Reading => ({ kind: 'marked', mark: makeMark(by) })

type World = {
  /** Members by name, each with its mark. */
  members?: Record<string, Reading>
  plane?: Reading
  tenants?: Tenant[]
  silence?: string
  host?: string
}
type Asked = { clusters: readonly string[]; scope?: readonly Scope[]; force?: boolean }

const clusterOf = (name: string) => ({
  name,
  region: 'us-east-1',
  zones: [],
  provider: 'kops' as const,
  fullName: `${name}.k8s.example.com`,
  stateStore: '',
})

function plan(world: World, asked: Asked) {
  const { members = {}, plane = marked(identity), tenants = [], silence, host = 'usa' } = world
  const { clusters, scope = ['dns', 'app', 'federation', 'clusters', 'state'], force = false } = asked
  const judged: JudgedPlane = {
    found: { state: 'whole', version: '1.18.2', unready: [], record: undefined },
    claim: judgeClaim({ host: {} as Kube, record: undefined }, plane, identity),
  }
  const joined = Object.entries(members).map(([name, reading]): JudgedMember => {
    const cluster = {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name },
      spec: { syncMode: 'Push' },
    }
    return { name, cluster, claim: judgeClaim({ name, cluster }, reading, identity) }
  })
  const found = clusters.map(name => ({
    cluster: clusterOf(name),
    config: { region: undefined, labels: {} },
    claim: judgeClaim({}, marked(identity), identity),
  })) as unknown as FoundCluster[]
  return planFederation(
    { name: 'fed', host: clusterOf(host), plane: judged, silence, members: joined, tenants },
    found,
    { scope: new Set(scope), clusters: clusters.map(clusterOf), force },
  )
}

function decided(world: World, asked: Asked) {
  const outcome = plan(world, asked)
  if (outcome instanceof UserError) throw outcome
  const { members, plane, app, hostGoes } = outcome
  return { members: members.map(({ name }) => name), plane: plane !== undefined, app, hostGoes }
}

const three = { usa: marked(identity), eur: marked(identity), jpn: marked(identity) }

test('a whole federation goes with everything', () => {
  expect(decided({ members: three }, { clusters: ['usa', 'eur', 'jpn'] })).toEqual({
    members: ['usa', 'eur', 'jpn'],
    plane: true,
    app: true,
    hostGoes: true,
  })
})

test('a member that is named leaves alone, and the app stays in the others', () => {
  expect(decided({ members: three }, { clusters: ['jpn'] })).toEqual({
    members: ['jpn'],
    plane: false,
    app: false,
    hostGoes: false,
  })
})

test('the control plane goes with its last member, also where its host stays', () => {
  expect(decided({ members: { eur: marked(identity) } }, { clusters: ['eur'] })).toMatchObject({
    members: ['eur'],
    plane: true,
    hostGoes: false,
  })
})

test('an app alone is removed everywhere', () => {
  expect(decided({ members: three }, { clusters: ['jpn'], scope: ['app'] })).toEqual({
    members: [],
    plane: false,
    app: true,
    hostGoes: false,
  })
})

test('a tenant of a shared federation takes out its app, and nothing else', () => {
  const members = { usa: marked(theirs), eur: marked(theirs) }
  const shared = { members, plane: marked(theirs), tenants: [{ what: 'member usa', whose: 'acme/b' }] }
  expect(decided(shared, { clusters: ['usa', 'eur'], scope: ['dns', 'app'] })).toEqual({
    members: [],
    plane: false,
    app: true,
    hostGoes: false,
  })
})

test('a Karmada that others installed stays, with the members that they joined', () => {
  const members = { usa: marked(identity), eur: unmarked }
  const world = { members, plane: unmarked }
  const asked = { clusters: ['usa', 'eur'], scope: ['federation'] as const }
  expect(decided(world, asked)).toMatchObject({ members: ['usa'], plane: false })
  const outcome = plan(world, asked)
  expect(outcome instanceof UserError ? [] : outcome.notices).toEqual([
    'The Karmada in usa stays: Meridian did not install it.',
    'eur stays a member: it was joined by other means.',
  ])
})

test.each<[string, World, Asked, string]>([
  ['a host whose members stay', { members: three }, { clusters: ['usa'] }, 'not named: eur, jpn'],
  [
    'a host with a member of others',
    { members: { ...three, b: marked(theirs) } },
    { clusters: ['usa', 'eur', 'jpn'] },
    'b (it belongs to k8s.example.com of acme/b)',
  ],
  [
    'a federation that holds the app of others',
    { members: three, tenants: [{ what: 'PropagationPolicy b/web', whose: 'x.com of acme/b' }] },
    { clusters: ['usa', 'eur', 'jpn'] },
    'x.com of acme/b',
  ],
  [
    'a member that others joined, whose cluster would go',
    { members: { ...three, jpn: marked(theirs) } },
    { clusters: ['jpn'] },
    'jpn, which k8s.example.com of acme/b has joined',
  ],
  [
    'a member that was joined by hand, whose cluster would go',
    { members: { ...three, jpn: unmarked } },
    { clusters: ['jpn'] },
    'jpn, which was joined by other means',
  ],
  [
    'the host of a control plane of others',
    { plane: marked(theirs) },
    { clusters: ['usa'] },
    'belongs to k8s.example.com of acme/b',
  ],
  [
    'the host of a control plane that cannot be read',
    { plane: unreadable('its mark is a page') },
    { clusters: ['usa'] },
    'its mark is a page',
  ],
])('%s is refused, also with force', (_, world, asked, words) => {
  for (const force of [false, true]) {
    const outcome = plan(world, { ...asked, force })
    expect(outcome).toBeInstanceOf(UserError)
    expect((outcome as UserError).message).toContain(words)
  }
})

test('a federation that does not answer goes with its host, and else only with force', () => {
  const world = { silence: 'connection refused' }
  expect(decided(world, { clusters: ['usa'] })).toMatchObject({ plane: true, hostGoes: true })
  const alone = { clusters: ['usa'], scope: ['federation'] as const }
  expect(plan(world, alone)).toBeInstanceOf(UserError)
  expect(decided(world, { ...alone, force: true })).toMatchObject({ plane: true })
})
