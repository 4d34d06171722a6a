import { judgeClaim, makeMark, type Reading, unmarked, unreadable } from '@meridian/identity'
import type { ControlPlane, InstallationRecord, JudgedMember, JudgedPlane, Tenant } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { UserError } from '@meridian/runner'
import { describe, expect, test } from 'vitest'
import { adviseRest } from '../../src/federation/advise-rest.ts'
import type { Scope } from '../../src/inputs.ts'
import type { FoundCluster } from '../../src/survey/cluster.ts'
import { planFederation } from '../../src/survey/plan-federation.ts'
import { identityOf } from '../lab-environment.ts'

const identity = identityOf('default', { account: '111122223333' })
const theirs = identityOf('default', { repository: { id: '7', name: 'acme/b' } })
const marked = (by: typeof identity): Reading => ({ kind: 'marked', mark: makeMark(by) })

const record = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'meridian-installation' } }
const whole = (state?: InstallationRecord['state']): ControlPlane => ({
  state: 'whole',
  version: '1.18.2',
  unready: [],
  record: state && { state, version: '1.18.2', reading: marked(identity), object: record },
})
const partial = (origin: 'cut-short' | 'complete' | 'others'): ControlPlane => ({
  state: 'partial',
  missing: ['Deployment karmada-apiserver'],
  origin,
})

type World = {
  /** Members by name, each with its mark. */
  members?: Record<string, Reading>
  plane?: Reading
  tenants?: Tenant[]
  guests?: Tenant[]
  led?: string[]
  silence?: string
  state?: ControlPlane
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
  const { members = {}, plane = marked(identity), tenants = [], silence, host = 'usa', state } = world
  const { guests = [], led = [] } = world
  const { clusters, scope = ['dns', 'app', 'federation', 'clusters', 'state'], force = false } = asked
  const judged: JudgedPlane = {
    found: state ?? whole('installed'),
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
    { name: 'fed', host: clusterOf(host), plane: judged, silence, members: joined, tenants, guests, led },
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

describe('of a federation that does not answer', () => {
  const silence = 'connection refused'
  const held = [{ what: 'Deployment b/web in eur', whose: 'x.com of acme/b' }]
  const everything = ['dns', 'app', 'federation', 'clusters', 'state'] as const
  const scopes = {
    'with its host': everything,
    alone: ['federation'],
    'with its app': ['app', 'federation'],
    'under its host': ['clusters', 'state'],
    'of its app': ['app'],
  } as const satisfies Record<string, readonly Scope[]>
  type Way = keyof typeof scopes
  const ways = Object.keys(scopes) as Way[]
  const outcome = (world: World, way: Way, force: boolean) => {
    const planned = plan({ silence, ...world }, { clusters: ['usa'], scope: scopes[way], force })
    return planned instanceof UserError ? planned.message : 'goes'
  }

  test.each<[string, World]>([
    ['was never finished', { state: whole('installing') }],
    ['died in its installation', { state: partial('cut-short') }],
    ['is a namespace and no more', { state: { state: 'absent' } }],
  ])('nobody else can have anything where it %s: it goes without force', (_, world) => {
    for (const way of ways) expect([way, outcome(world, way, false)]).toEqual([way, 'goes'])
  })

  test.each<[string, World]>([
    ['was whole', { state: whole('installed') }],
    ['has lost its record', { state: whole() }],
    ['has lost a part', { state: partial('complete') }],
  ])('who is in it cannot be told where it %s: it stays, but for force', (_, world) => {
    for (const way of ways) expect(outcome(world, way, false)).toContain('nobody can tell who has members')
    for (const way of ways.filter(way => way !== 'of its app'))
      expect([way, outcome(world, way, true)]).toEqual([way, 'goes'])
  })

  test('an app cannot be taken out, also with force', () => {
    expect(outcome({}, 'of its app', true)).toContain('does not answer')
  })

  test.each<[string, World]>([
    ['nobody has claimed', { plane: unmarked }],
    ['another tool has installed', { plane: unmarked, state: { state: 'foreign', reason: 'Helm' } }],
    ['somebody has half made by hand', { plane: unmarked, state: partial('others') }],
    ['others have installed', { plane: marked(theirs) }],
    ['cannot be judged', { plane: unreadable('its mark is a page') }],
    ['shows what is others’ in a member', { tenants: held }],
  ])('nothing goes that %s, also with force', (_, world) => {
    for (const force of [false, true])
      expect([force, outcome(world, 'with its host', force)]).not.toEqual([force, 'goes'])
  })
})

describe('what runs of others in a member that leaves', () => {
  const guests = [{ what: 'Deployment b/web in jpn', whose: 'x.com of acme/b' }]
  const world = { members: three, tenants: [{ what: 'Deployment b/web', whose: 'x.com of acme/b' }], guests }

  test('goes along, and is named with its owner', () => {
    const outcome = plan(world, { clusters: ['jpn'] })
    expect(outcome instanceof UserError ? [] : outcome.notices).toContain(
      'With the members that leave goes what runs there of others: Deployment b/web in jpn (it belongs to x.com of acme/b).',
    )
  })

  test('keeps it while a name of others leads there, also with force', () => {
    const led = ['b.example.com (it belongs to x.com of acme/b) leads to jpn']
    for (const force of [false, true]) {
      const outcome = plan({ ...world, led }, { clusters: ['jpn'], force })
      expect((outcome as UserError).message).toContain('serve users of others: b.example.com')
    }
  })
})

test('a member whose mark names another account is not the run’s to take out', () => {
  const elsewhere = marked({ ...identity, account: '444455556666' })
  const outcome = plan({ members: { ...three, jpn: elsewhere } }, { clusters: ['jpn'] })
  expect((outcome as UserError).message).toContain('jpn, which k8s.example.com of o/r (account 444455556666)')
})

test('of what is left in a member that was taken out by force the own is deleted by the commands that are named, but for namespaces', () => {
  const own = ['Namespace shop', 'Service shop/web']
  const left = [...own, 'Deployment guest/web', 'Work web-2', 'namespace karmada-cluster']
  const start = 'kubectl --context=eur delete --ignore-not-found'
  const [, told = ''] = adviseRest('eur', left, own).split('answers, ')
  expect(told.split(';')[0]?.split(' && ')).toEqual([
    `${start} clusterrolebinding,clusterrole karmada-controller-manager:karmada-eur`,
    `${start} secret,serviceaccount karmada-eur -n karmada-cluster`,
    `${start} service web -n shop`,
  ])
  expect(adviseRest('eur', [], [])).toBe('')
})
