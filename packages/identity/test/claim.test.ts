import { describe, expect, test } from 'vitest'
import {
  describeMark,
  type Identity,
  identityOf,
  isAmong,
  judgeClaim,
  type Mark,
  makeMark,
  type Reading,
  unmarked,
  unreadable,
} from '../src/index.ts'

const shop = { id: '1001', name: 'acme/shop' }
const run: Identity = { domain: 'k8s.example.com', environment: 'pr-42', repository: shop }
const usa = { ...run, cluster: 'usa.pr-42.k8s.example.com', account: '111122223333' }
const mark = makeMark(usa)
const older: Mark = { schema: 1, owner: 'pr-42', repository: { id: '', name: 'acme/shop' } }

const marked = (of: Mark): Reading => ({ kind: 'marked', mark: of })
const kindOf = (reading: Reading, identity: Identity = usa) => judgeClaim('thing', reading, identity).kind

describe('whose a thing is', () => {
  test.each<[string, Mark, Identity, string]>([
    ['its own mark', mark, usa, 'ours'],
    ['its own mark, of a run that knows less', mark, run, 'ours'],
    ['another environment', { ...mark, owner: 'pr-43' }, usa, 'foreign'],
    ['the only environment of the domain', { ...mark, owner: 'default' }, usa, 'foreign'],
    ['a domain above', { ...mark, domain: 'example.com' }, usa, 'foreign'],
    ['a domain below', { ...mark, domain: 'a.k8s.example.com' }, usa, 'foreign'],
    ['another repository', { ...mark, repository: { id: '2002', name: 'acme/other' } }, usa, 'foreign'],
    [
      'the same name of another repository',
      { ...mark, repository: { id: '2002', name: 'acme/shop' } },
      usa,
      'foreign',
    ],
    [
      'the repository under its former name',
      { ...mark, repository: { id: '1001', name: 'acme/old' } },
      usa,
      'ours',
    ],
    [
      'the repository, whose id was not known',
      { ...mark, repository: { id: '', name: 'Acme/Shop' } },
      usa,
      'ours',
    ],
    ['no repository', { ...mark, repository: undefined }, usa, 'foreign'],
    ['another cluster', { ...mark, cluster: 'eur.pr-42.k8s.example.com' }, usa, 'foreign'],
    ['another account', { ...mark, account: '444455556666' }, usa, 'foreign'],
    ['another app', { ...mark, app: 'web' }, { ...usa, app: 'api' }, 'foreign'],
    ['no domain', { ...mark, domain: undefined }, usa, 'foreign'],
    ['a later schema', { ...mark, schema: 9 }, usa, 'ours'],
    ['version 0.1', older, usa, 'ours'],
    ['version 0.1 outside GitHub', { ...older, repository: undefined }, usa, 'ours'],
    ['version 0.1 of another environment', { ...older, owner: 'default' }, usa, 'foreign'],
    [
      'version 0.1 of another repository',
      { ...older, repository: { id: '', name: 'acme/other' } },
      usa,
      'foreign',
    ],
  ])('%s', (_, of, identity, expected) => expect(kindOf(marked(of), identity)).toBe(expected))

  test('outside GitHub there is no repository, and nobody else’s things are ours', () => {
    const local = { ...usa, repository: { id: '', name: '' } }
    expect(kindOf(marked(makeMark(local)), local)).toBe('ours')
    expect(kindOf(marked(mark), local)).toBe('foreign')
  })

  test('what has no mark, or none that can be read, is never ours', () => {
    expect(kindOf(unmarked)).toBe('unclaimed')
    expect(kindOf({ kind: 'alien', by: 'external-dns' })).toBe('foreign')
    expect(kindOf(unreadable('it is a page'))).toBe('unreadable')
  })

  test('only what is ours is handed on as owned', () => {
    expect(judgeClaim('thing', marked(mark), usa)).toMatchObject({ owned: 'thing' })
    expect(judgeClaim('thing', unmarked, usa)).toEqual({ kind: 'unclaimed' })
  })
})

test('a mark says whose a thing is in people’s words', () => {
  expect(describeMark(mark)).toBe(
    'pr-42.k8s.example.com of acme/shop (cluster usa.pr-42.k8s.example.com, account 111122223333)',
  )
  expect(describeMark({ schema: 1, owner: 'default' })).toBe("the environment 'default'")
})

describe('the repository of a run', () => {
  const github = { repository: 'acme/shop', repositoryId: '1001' }

  test.each([
    [undefined, shop],
    ['Acme/Shop', shop],
    ['acme/other', { id: '', name: 'acme/other' }],
  ])('named %s', (repository, expected) => {
    expect(identityOf({ domain: 'x.org', repository }, github).repository).toEqual(expected)
  })

  test.each<[string[] | undefined, string, boolean]>([
    [undefined, 'acme/shop', true],
    [undefined, 'acme/other', false],
    [['acme/*'], 'acme/other', true],
    [['acme/*'], 'acme-evil/other', false],
    [['acme/other'], 'acme/other', true],
    [['acme/other'], 'acme/shop', false],
    [['acme/other', 'acme/shop'], 'acme/shop', true],
  ])('owners %j, %s', (owners, name, expected) => {
    expect(isAmong({ id: '', name }, shop, owners)).toBe(expected)
  })
})
