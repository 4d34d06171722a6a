import type { ZoneGroup } from '@meridian/dns'
import { type Mark, makeMark, type Reading, unreadable } from '@meridian/identity'
import { expect, test } from 'vitest'
import type { Doubt, FoundClaim } from '../../src/reap/claims.ts'
import { provableHosts, sortRecords } from '../../src/reap/judge-records.ts'
import { identityOf } from '../lab-environment.ts'
import { claim, domain, reach } from './some-claims.ts'

const marked = (more: Partial<Mark> = {}): Reading => ({
  kind: 'marked',
  mark: { ...makeMark(identityOf('pr-1')), ...more },
})
const group = (reading: Reading, fqdn = 'a.pr-1.k8s.example.com'): ZoneGroup => ({
  fqdn,
  reading,
  written: reading,
  records: [{ region: 'us-east-1', target: 'x.example.net' }],
})
const sort = (
  groups: readonly ZoneGroup[],
  claims: readonly FoundClaim[] = [],
  doubts: readonly Doubt[] = [],
  unseen: readonly string[] = [],
) => sortRecords(groups, { claims, doubts, unseen }, reach)

test('a name that no claim speaks for has lost its environment', () => {
  expect(sort([group(marked())]).ownerless).toMatchObject([
    { fqdn: 'a.pr-1.k8s.example.com', targets: ['x.example.net'], identity: { domain, environment: 'pr-1' } },
  ])
})

test.each<[string, ZoneGroup, FoundClaim[], string | undefined]>([
  ['whose environment lives', group(marked()), [claim()], undefined],
  ['outside the domain', group(marked(), 'a.example.org'), [], undefined],
  ['without a mark', group({ kind: 'unmarked' }), [], undefined],
  ['of external-dns', group({ kind: 'alien', by: 'external-dns' }), [], undefined],
  ['of another repository', group(marked({ repository: { id: '7', name: 'acme/b' } })), [], undefined],
  [
    'of another account',
    group(marked({ account: '444455556666' })),
    [],
    'The records of a.pr-1.k8s.example.com stay: they were made by the account 444455556666',
  ],
  [
    'whose mark cannot be read',
    group(unreadable('its mark is damaged')),
    [],
    'The records of a.pr-1.k8s.example.com stay: its mark is damaged',
  ],
  [
    'of version 0.1, which names no repository',
    group(marked({ schema: 1, repository: undefined })),
    [],
    'The records of a.pr-1.k8s.example.com stay: its mark names no repository',
  ],
  [
    'of version 0.1, whose environment lives',
    group(marked({ schema: 1, repository: undefined })),
    [claim()],
    undefined,
  ],
])('a name %s stays', (_, one, claims, notice) => {
  const { ownerless, notices } = sort([one], claims)
  expect([ownerless, notices]).toEqual([[], notice === undefined ? [] : [notice]])
})

test.each<[string, Partial<Mark>]>([
  ['another environment', { owner: 'pr-2' }],
  ['another domain', { domain: 'a.k8s.example.com' }],
  ['another repository', { repository: { id: '7', name: 'acme/b' } }],
])('a claim of %s does not speak for it', (_, more) => {
  expect(sort([group(marked())], [claim(more)]).ownerless).toHaveLength(1)
})

test('a name stays where something that could not be read may be the claim of its environment', () => {
  const doubts = [{ root: 'pr-1.k8s.example.com', text: 'A claim is damaged' }]
  const { ownerless, notices } = sort([group(marked())], [], doubts)
  expect([ownerless, notices]).toEqual([
    [],
    ['The records of a.pr-1.k8s.example.com stay: A claim is damaged'],
  ])
})

test('a name stays where not every store could be looked through', () => {
  const { ownerless, notices } = sort([group(marked())], [], [], ['eu-west-1 is denied'])
  expect([ownerless, notices]).toEqual([
    [],
    ['The records of a.pr-1.k8s.example.com stay: eu-west-1 is denied'],
  ])
})

const balancer = 'a1-1.us-east-1.elb.amazonaws.com'
test.each<[string, string[], string[] | undefined]>([
  ['load balancers', [balancer], [balancer]],
  ['their names for both protocols', [`dualstack.${balancer}`, balancer.toUpperCase()], [balancer]],
  ['anything else beside one', [balancer, 'x.example.net'], undefined],
  ['nothing', [], undefined],
])('of %s it can be asked whether they are gone, or not', (_, targets, hosts) => {
  expect(provableHosts(targets)).toEqual(hosts)
})
