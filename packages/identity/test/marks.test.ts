import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Identity,
  type Mark,
  makeMark,
  objectAnnotations,
  objectLabels,
  type Reading,
  readClaim,
  readObject,
  readTags,
  unmarked,
  writeClaim,
  writeTags,
} from '../src/index.ts'

const identity: Identity = {
  domain: 'k8s.example.com',
  environment: 'pr-42',
  repository: { id: '1001', name: 'acme/shop' },
  cluster: 'usa.pr-42.k8s.example.com',
  region: 'us-east-1',
  account: '111122223333',
}
const birth = {
  createdAt: new Date('2026-11-23T10:00:00.123Z'),
  expiresAt: new Date('2026-11-24T10:00:00Z'),
  pullRequest: 42,
  run: 'https://github.com/acme/shop/actions/runs/1',
  version: '0.2.0',
}
const mark = makeMark(identity, birth)
const tags = {
  'meridian:schema': '2',
  'meridian:environment': 'pr-42',
  'meridian:domain': 'k8s.example.com',
  'meridian:owner': 'acme/shop',
  'meridian:repository-id': '1001',
  'meridian:cluster': 'usa.pr-42.k8s.example.com',
  'meridian:region': 'us-east-1',
  'meridian:account': '111122223333',
  'meridian:run': 'https://github.com/acme/shop/actions/runs/1',
  'meridian:created-at': '2026-11-23T10:00:00Z',
  'meridian:expires-at': '2026-11-24T10:00:00Z',
  'meridian:version': '0.2.0',
  'meridian:pull-request': '42',
}
const read = (of: Mark): Reading => ({ kind: 'marked', mark: of })

describe('tags', () => {
  test('say who, when and until when', () => expect(writeTags(mark)).toEqual(tags))
  test('are read back', () => expect(readTags({ ...tags, Name: 'usa' })).toEqual(read(mark)))

  test('keep to what cilium’s operator takes of kops’ labels', () => {
    for (const value of Object.values(writeTags(mark))) expect(value).toMatch(/^[\w.:/@-]+$/)
  })

  test('of version 0.1 are read: it knew neither domain nor id', () => {
    const { 'meridian:environment': owner, 'meridian:owner': repository } = tags
    expect(readTags({ 'meridian:environment': owner, 'meridian:owner': repository })).toEqual(
      read({ schema: 1, owner: 'pr-42', repository: { id: '', name: 'acme/shop' } }),
    )
  })

  test('can be read by version 0.1: what it knew has kept its name and meaning', () => {
    expect(writeTags(mark)).toMatchObject({
      'meridian:environment': 'pr-42',
      'meridian:owner': 'acme/shop',
      'meridian:expires-at': '2026-11-24T10:00:00Z',
      'meridian:pull-request': '42',
    })
  })

  test('of a release that did not state the region are read as they are', () => {
    const { 'meridian:region': _, ...earlier } = tags
    const { region: __, ...known } = mark
    expect(readTags(earlier)).toEqual(read(known))
  })

  test('of a later release are read as far as they are known', () => {
    const later = { ...tags, 'meridian:schema': '3', 'meridian:cell': 'a' }
    expect(readTags(later)).toEqual(read({ ...mark, schema: 3 }))
  })

  test('of others are no mark', () => expect(readTags({ Name: 'usa', owner: 'x' })).toEqual(unmarked))

  test.each([
    ['no environment', { 'meridian:schema': '2', 'meridian:domain': 'x.org' }],
    ['no domain', { 'meridian:schema': '2', 'meridian:environment': 'a' }],
    ['a schema that is no number', { ...tags, 'meridian:schema': 'two' }],
  ])('with %s are unreadable', (_, given) => expect(readTags(given).kind).toBe('unreadable'))
})

describe('a claim object', () => {
  test('is read back', () => expect(readClaim(writeClaim(mark))).toEqual(read(mark)))

  test.each([
    '',
    ' ',
    '<html>Sign in</html>',
    'null',
    '[]',
    '{}',
    '"x"',
    '{"schema":2}',
    '{"schema":"2","environment":"a"}',
  ])('%j is unreadable, and never no claim', text => expect(readClaim(text).kind).toBe('unreadable'))

  test('whatever the text, it is never taken for none', () => {
    fc.assert(fc.property(fc.string(), text => readClaim(text).kind !== 'unmarked'))
  })
})

describe('an object of Kubernetes', () => {
  const app = makeMark({ ...identity, app: 'web' }, birth)
  const metadata = { labels: objectLabels({ ...identity, app: 'web' }), annotations: objectAnnotations(app) }

  test('is read back, without what differs from run to run', () => {
    const { run: _, createdAt: __, version: ___, ...lasting } = app
    expect(readObject(metadata)).toEqual(read(lasting))
  })

  test('of version 0.1 has its labels only', () => {
    expect(readObject({ labels: metadata.labels })).toEqual(read({ schema: 1, owner: 'pr-42', app: 'web' }))
  })

  test('with a mark that is no JSON is unreadable', () => {
    const annotations = { 'meridian.dev/mark': 'yes' }
    expect(readObject({ ...metadata, annotations }).kind).toBe('unreadable')
  })

  test('of others has no mark', () => {
    expect(readObject({ labels: { 'app.kubernetes.io/managed-by': 'Helm' } })).toEqual(unmarked)
    expect(readObject({})).toEqual(unmarked)
  })
})

test('a mark survives each place that holds one', () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,12}$/)
  const given = fc.record({
    domain: word,
    environment: fc.option(word, { nil: undefined }),
    name: word,
    id: word,
  })
  fc.assert(
    fc.property(given, ({ domain, environment, name, id }) => {
      const one = makeMark({ domain: `${domain}.org`, environment, repository: { id, name: `o/${name}` } })
      expect(readTags(writeTags(one))).toEqual(read(one))
      expect(readClaim(writeClaim(one))).toEqual(read(one))
      expect(readObject({ annotations: objectAnnotations(one) })).toEqual(read(one))
    }),
  )
})
