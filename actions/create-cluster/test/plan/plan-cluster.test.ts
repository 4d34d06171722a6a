import { type Claim, judgeClaim, makeMark, writeTags } from '@meridian/identity'
import type { ObservedCluster, SavedCluster } from '@meridian/kops'
import { describe, expect, test } from 'vitest'
import { describePlan } from '../../src/plan/describe-plan.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planCluster, type Seen, type Wish } from '../../src/plan/plan-cluster.ts'
import { needsPreview, withPending } from '../../src/plan/plan-update.ts'

const identity = { domain: 'k8s.example.com', repository: { id: '1001', name: 'o/r' } }
const mark = makeMark({ ...identity, cluster: 'usa.k8s.example.com' })
const claimOf = (given = mark): Claim<unknown> => judgeClaim({}, { kind: 'marked', mark: given }, identity)
const ours = claimOf()
const begun = claimOf({ ...mark, unfinished: 'https://github.com/o/r/actions/runs/1' })
const old = claimOf({ schema: 1, owner: 'default' })
const theirs = claimOf({ ...mark, repository: { id: '2002', name: 'acme/shop' } })
const nobodys: Claim<unknown> = { kind: 'unclaimed' }

const group = { size: 't3.medium', image: 'ami-1', min: 3, max: 3, zones: ['us-east-1a'] }
const saved: SavedCluster = {
  zones: ['us-east-1a'],
  kubernetesVersion: '1.35.7',
  networking: 'cilium',
  topology: 'public',
  dns: 'none',
  apiAccess: ['0.0.0.0/0'],
  sshAccess: [],
  channel: 'stable',
  permissionsBoundary: '',
  labels: {},
  groups: [
    { ...group, name: 'control-plane-us-east-1a', role: 'control-plane', min: 1, max: 1 },
    { ...group, name: 'nodes-us-east-1a', role: 'node' },
  ],
}
const config = { region: 'us-east-1', labels: {} }
const groups = ['control-plane-us-east-1a', 'nodes-us-east-1a']
const whole: ObservedCluster = { config, instanceGroups: groups, completed: true, kopsVersion: '1.36.2' }
const labelled: ObservedCluster = { ...whole, config: { ...config, labels: writeTags(mark) } }
const bare: ObservedCluster = { config, instanceGroups: [], completed: false }
const gone: ObservedCluster = { config: undefined, instanceGroups: [], completed: false }
const vpc = { name: 'ec2:vpc vpc-1' }

const seen = (given: Partial<Seen> = {}): Seen => ({
  ...{ bucket: true, claim: ours, claimed: true, observed: whole, saved, cloud: [] },
  ...given,
})
const absent = (given: Partial<Seen> = {}) =>
  seen({ claim: nobodys, claimed: false, observed: gone, saved: undefined, ...given })
const wish = (given: Partial<Wish> = {}): Wish => ({
  cluster: {
    name: 'usa',
    region: 'us-east-1',
    zones: ['us-east-1a'],
    provider: 'kops',
    fullName: 'usa.k8s.example.com',
    stateStore: 's3://shared/kops',
  },
  identity: { domain: 'k8s.example.com', repository: { id: '1001', name: 'acme/shop' } },
  asked: {},
  ...{ adopt: false, applyPending: false, ownName: true, ownAccount: true, kopsVersion: '1.36.2' },
  teardown: 'Run teardown.',
  ...given,
})
const noZones = { cluster: { ...wish().cluster, zones: [] } }

describe('what becomes of a cluster that is', () => {
  test.each<[string, Plan['kind'], Seen, Partial<Wish>]>([
    ['nowhere', 'create', absent(), {}],
    ['nowhere, nor its bucket', 'create', absent({ bucket: false }), {}],
    ['claimed, before anything was saved', 'create', absent({ claim: begun, claimed: true }), {}],
    ['nowhere, and no zones are given', 'refuse', absent(), noZones],
    ['nowhere, and named by its full name', 'refuse', absent(), { ownName: false }],
    [
      'nowhere, nor its bucket of another account',
      'refuse',
      absent({ bucket: false }),
      { ownAccount: false },
    ],
    ['in AWS, and not in the store', 'refuse', absent({ cloud: [vpc] }), {}],
    ['ours', 'update', seen(), {}],
    ['ours, of version 0.1', 'update', seen({ claim: old, claimed: false }), {}],
    [
      'ours, of a kops that stored no finished spec',
      'update',
      seen({ observed: { ...whole, completed: false } }),
      {},
    ],
    ['ours and begun, with things in AWS', 'update', seen({ claim: begun, cloud: [vpc] }), {}],
    [
      'ours and begun, saved in part',
      'replace',
      seen({ claim: begun, observed: bare, saved: undefined }),
      {},
    ],
    [
      'ours of version 0.1, saved in part',
      'replace',
      seen({ claim: old, claimed: false, observed: bare, saved: undefined }),
      {},
    ],
    [
      'ours and begun, saved in part, with things in AWS',
      'refuse',
      seen({ claim: begun, observed: bare, saved: undefined, cloud: [vpc] }),
      {},
    ],
    [
      'ours and begun, with things of others in AWS',
      'refuse',
      seen({ claim: begun, cloud: [{ ...vpc, claim: theirs }] }),
      {},
    ],
    [
      'ours and begun with labels, with things in AWS that kops has made without',
      'refuse',
      seen({ claim: begun, observed: labelled, cloud: [{ ...vpc, claim: nobodys, byKops: true }] }),
      {},
    ],
    [
      'ours and begun with labels, with a volume from inside it',
      'update',
      seen({ claim: begun, observed: labelled, cloud: [{ name: 'ec2:volume vol-1', claim: nobodys }] }),
      {},
    ],
    ['ours and finished, robbed of its groups', 'refuse', seen({ observed: bare, saved: undefined }), {}],
    [
      'ours and begun, robbed of its groups, and once updated',
      'refuse',
      seen({ claim: begun, observed: { ...bare, completed: true }, saved: undefined }),
      {},
    ],
    ['ours, with other inputs', 'refuse', seen(), { asked: { networking: 'calico' } }],
    [
      'ours and begun, with other inputs',
      'refuse',
      seen({ claim: begun }),
      { asked: { networking: 'calico' } },
    ],
    ['changed by a newer kops', 'refuse', seen({ observed: { ...whole, kopsVersion: '1.37.0' } }), {}],
    ['in another region', 'refuse', seen(), { cluster: { ...wish().cluster, region: 'eu-west-1' } }],
    ['nobody’s', 'use', seen({ claim: nobodys, claimed: false }), {}],
    ['nobody’s, with other inputs', 'use', seen({ claim: nobodys }), { asked: { networking: 'calico' } }],
    ['nobody’s, and not whole', 'refuse', seen({ claim: nobodys, observed: bare, saved: undefined }), {}],
    ['another’s', 'refuse', seen({ claim: theirs }), {}],
    ['another’s, although it is to be adopted', 'refuse', seen({ claim: theirs }), { adopt: true }],
    ['another’s, before anything was saved', 'refuse', absent({ claim: theirs }), {}],
    ['unreadable', 'refuse', seen({ claim: { kind: 'unreadable', why: 'it is a page' } }), { adopt: true }],
  ])('%s is: %s', (_, kind, is, given) => expect(planCluster(is, wish(given)).kind).toBe(kind))
})

describe('a refusal', () => {
  const refusal = (is: Seen, given: Partial<Wish> = {}) => {
    const plan = planCluster(is, wish(given))
    if (plan.kind !== 'refuse') throw new Error(`it is ${plan.kind}`)
    return `${plan.reason} ${plan.fix}`
  }
  const mine = { ...vpc, claim: ours }
  const alien = { ...vpc, claim: theirs }

  test.each<[string, Seen]>([
    ['another’s', seen({ claim: theirs })],
    ['nobody’s', seen({ claim: nobodys, observed: bare, saved: undefined })],
    ['unreadable', seen({ claim: { kind: 'unreadable', why: 'it is a page' } })],
    ['in AWS by nobody', absent({ cloud: [vpc] })],
    ['in AWS by others', absent({ cloud: [alien] })],
    ['in AWS by others and us', absent({ cloud: [mine, alien] })],
    ['in AWS by nobody and us', absent({ cloud: [mine, { ...vpc, claim: nobodys, byKops: true }] })],
    ['in AWS by others, and begun by us', seen({ claim: begun, cloud: [mine, alien] })],
  ])('of a cluster that is %s recommends no teardown', (_, is) => {
    expect(refusal(is)).not.toContain('teardown')
    expect(refusal(is)).toContain('Nothing has been changed.')
  })

  test('says whose it is', () => {
    const words = 'it belongs to k8s.example.com of acme/shop (cluster usa.k8s.example.com)'
    expect(refusal(seen({ claim: theirs }))).toContain(words)
    expect(refusal(absent({ cloud: [alien] }))).toContain(
      's3://shared/kops does not have it, but AWS has one thing of that name: ec2:vpc vpc-1 (they belong to k8s.example.com of acme/shop',
    )
  })

  test('of our own lost state says how to remove what is left', () =>
    expect(refusal(absent({ cloud: [mine] }))).toContain('its state was lost, or lies in another store'))

  test('of a newer kops names it', () =>
    expect(refusal(seen({ observed: { ...whole, kopsVersion: '1.37.0' } }))).toContain(
      'Set kops-version to 1.37.0 or a later one.',
    ))

  test('of a wrong region names the input and the right one', () => {
    const elsewhere = planCluster(seen(), wish({ cluster: { ...wish().cluster, region: 'eu-west-1' } }))
    expect(elsewhere).toMatchObject({ input: 'zones', reason: expect.stringContaining('is in us-east-1') })
  })

  test('of other inputs has all reasons at once', () =>
    expect(
      refusal(seen(), { asked: { networking: 'calico', kubernetesVersion: '1.34.9', nodeCount: 1 } }),
    ).toMatch(/networking is cilium, not calico; kubernetes-version is 1\.35\.7, not 1\.34\.9/))
})

describe('an update', () => {
  const update = (is: Seen, given: Partial<Wish> = {}) => {
    const plan = planCluster(is, wish(given))
    if (plan.kind !== 'update') throw new Error(`it is ${plan.kind}`)
    return plan
  }
  const resized = update(seen(), { asked: { nodeCount: 1 } })

  test('leaves everything that was not given', () =>
    expect(update(seen())).toMatchObject({ differences: [], resizes: [], apiAccess: undefined }))

  test('changes what was given', () => {
    expect(resized.resizes).toEqual([{ group: 'nodes-us-east-1a', size: 1 }])
    expect(update(seen(), { asked: { apiAccess: ['192.0.2.0/24'] } }).apiAccess).toEqual(['192.0.2.0/24'])
  })

  test.each<[string, boolean, Seen, Partial<Wish>]>([
    ['has nothing to change', false, seen(), {}],
    ['changes something', true, seen(), { asked: { nodeCount: 1 } }],
    ['is to apply what others have saved', true, seen(), { applyPending: true }],
    ['finishes what a run of ours began', false, seen({ claim: begun }), { asked: { nodeCount: 1 } }],
  ])('that %s needs kops’ preview: %s', (_, needed, is, given) =>
    expect(needsPreview(update(is, given), wish(given))).toBe(needed),
  )

  test('that would apply what others have saved is refused with what that is', () => {
    expect(withPending(resized, ['modify LaunchTemplate/nodes'], wish())).toMatchObject({
      kind: 'refuse',
      reason: expect.stringContaining('modify LaunchTemplate/nodes'),
      fix: expect.stringContaining('set apply-pending to true'),
    })
    expect(withPending(resized, [], wish())).toEqual(resized)
  })

  test('applies it where it is told to', () =>
    expect(withPending(resized, ['modify x'], wish({ applyPending: true }))).toEqual({
      ...resized,
      pending: ['modify x'],
    }))
})

test.each<[string, Plan]>([
  ['would be created', planCluster(absent(), wish())],
  ['would be refused: it belongs to', planCluster(seen({ claim: theirs }), wish())],
  [
    'used as it is, and not changed; node-count is 3, not 1 (would stay)',
    planCluster(seen({ claim: nobodys }), wish({ asked: { nodeCount: 1 } })),
  ],
  [
    'it would be claimed, and not changed otherwise',
    planCluster(seen({ claim: nobodys }), wish({ adopt: true })),
  ],
  ['it would be left as it is', planCluster(seen(), wish())],
  [
    'brought up to date, and validated; node-count is 3, not 1 (would be changed)',
    planCluster(seen(), wish({ asked: { nodeCount: 1 } })),
  ],
  ['it would be finished', planCluster(seen({ claim: begun }), wish())],
  ['nothing of it was built', planCluster(seen({ claim: begun, observed: bare, saved: undefined }), wish())],
])('a dry run says: %s', (words, plan) => expect(describePlan(plan)).toContain(words))
