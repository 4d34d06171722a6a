import { expect, test } from 'vitest'
import { findZone, seekZone } from '../../src/zone/find-zone.ts'
import { openRoute53 } from '../lab-route53.ts'

const name = { fqdn: 'hugo-fed.k8s.example.com', domain: 'k8s.example.com' }

test('a domain that is a zone is found with one read', async () => {
  await using lab = await openRoute53()
  lab.addZone('example.com')
  expect(await findZone(lab.client, name)).toEqual({
    id: lab.zone.id,
    name: 'k8s.example.com',
    privateTwins: [],
  })
  expect(lab.reads()).toEqual(['ListHostedZonesByName'])
})

test('a domain below a zone is found in it', async () => {
  await using lab = await openRoute53()
  const deep = { fqdn: 'app.dev.k8s.example.com', domain: 'dev.k8s.example.com' }
  expect((await findZone(lab.client, deep)).id).toBe(lab.zone.id)
})

test('a zone that is delegated between domain and name wins', async () => {
  await using lab = await openRoute53()
  const delegated = lab.addZone('pr-42.k8s.example.com')
  for (let at = 0; at < 150; at += 1) lab.addZone(`a${at}.k8s.example.com`)
  const deep = { fqdn: 'app.pr-42.k8s.example.com', domain: 'k8s.example.com' }
  expect((await findZone(lab.client, deep)).id).toBe(delegated.id)
})

test('a private twin is left alone and told', async () => {
  await using lab = await openRoute53()
  const twin = lab.addZone('k8s.example.com', { private: true })
  expect(await findZone(lab.client, name)).toMatchObject({ id: lab.zone.id, privateTwins: [twin.id] })
})

test('two public zones of one name are an error that lists both', async () => {
  await using lab = await openRoute53()
  const other = lab.addZone('k8s.example.com')
  const failure = findZone(lab.client, name)
  await expect(failure).rejects.toThrow(lab.zone.id)
  await expect(failure).rejects.toThrow(other.id)
})

test('without a zone the error lists the public zones that there are', async () => {
  await using lab = await openRoute53()
  const elsewhere = { fqdn: 'app.example.org', domain: 'example.org' }
  await expect(findZone(lab.client, elsewhere)).rejects.toThrow(/'example.org'.*k8s\.example\.com/)
})

test('a private zone alone is explained', async () => {
  await using lab = await openRoute53()
  lab.addZone('example.org', { private: true })
  await expect(findZone(lab.client, { fqdn: 'app.example.org', domain: 'example.org' })).rejects.toThrow(
    /is private and cannot be used/,
  )
})

test('a zone id chooses between twins', async () => {
  await using lab = await openRoute53()
  const other = lab.addZone('k8s.example.com')
  expect((await findZone(lab.client, name, other.id)).id).toBe(other.id)
})

test.each([
  ['of another domain', 'example.org', {}, /which hugo-fed.k8s.example.com is not part of/],
  ['of a private zone', 'k8s.example.com', { private: true }, /is private/],
])('a zone id %s is refused', async (_, zoneName, options, message) => {
  await using lab = await openRoute53()
  const zone = lab.addZone(zoneName, options)
  await expect(findZone(lab.client, name, zone.id)).rejects.toThrow(message)
})

test('a zone id that does not exist is refused', async () => {
  await using lab = await openRoute53()
  await expect(findZone(lab.client, name, 'ZNOTTHERE')).rejects.toThrow("no hosted zone 'ZNOTTHERE'")
})

test('a domain without zone has none, where that is no error', async () => {
  await using lab = await openRoute53()
  expect(await seekZone(lab.client, name)).toMatchObject({ id: lab.zone.id })
  expect(await seekZone(lab.client, { fqdn: 'app.example.org', domain: 'example.org' })).toBeUndefined()
  await expect(seekZone(lab.client, name, 'ZNOTTHERE')).rejects.toThrow("no hosted zone 'ZNOTTHERE'")
})

test.each([{}, { HostedZones: [], MaxItems: 100 }, { HostedZones: [], IsTruncated: false }])(
  'the answer %j is no listing, and no proof that there is no zone',
  async answer => {
    const client = { send: async () => answer }
    await expect(seekZone(client as never, name)).rejects.toMatchObject({ name: 'ForeignAnswerError' })
  },
)
