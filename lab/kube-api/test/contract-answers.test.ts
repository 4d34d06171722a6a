import { textAt, valueAt } from '@meridian/lab-world/json'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { describeContract, ship, shipsPath } from './contract.ts'

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'
const namespaces = '/api/v1/namespaces'
const configMaps = `${namespaces}/default/configmaps`

describeContract('answers', server => {
  const get = (path: string, accept: string, more: Record<string, string> = {}) =>
    server.call('GET', path, { headers: { accept, ...more } })

  test('are YAML for those who ask for it', async () => {
    const { headers, text } = await get(`${namespaces}/default`, 'application/yaml')
    expect(headers['content-type']).toBe('application/yaml')
    expect(parse(text)).toMatchObject({ kind: 'Namespace', metadata: { name: 'default' } })
    expect(text).toMatch(/^apiVersion: v1\nkind: Namespace\nmetadata:\n {2}creationTimestamp: "/)
    expect(text).toContain('\n  finalizers:\n  - kubernetes\n')
  })

  test('refuse in YAML too', async () => {
    const { status, text } = await get(`${namespaces}/nowhere`, 'application/yaml')
    expect([status, parse(text)]).toMatchObject([404, { kind: 'Status', reason: 'NotFound' }])
  })

  test('are in no language that the server does not speak', async () => {
    const { status, body } = await get(shipsPath, 'text/plain')
    expect([status, body.reason, body.message]).toEqual([
      406,
      'NotAcceptable',
      'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    ])
  })

  test('are compressed when they are large and the client takes it', async () => {
    await server.call('POST', shipsPath, { body: ship('large', { captain: 'a'.repeat(140_000) }) })
    const { headers } = await get(`${shipsPath}/large`, 'application/json', { 'accept-encoding': 'gzip' })
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
    const plain = await get(`${shipsPath}/large`, 'application/json')
    expect(plain.headers['content-encoding']).toBeUndefined()
  })

  describe('in a table', () => {
    test('of another version are not to be had', async () => {
      expect((await get(shipsPath, table.replace('v=v1', 'v=v2'))).status).toBe(406)
    })
    test('with more than there is are refused', async () => {
      const { status, body } = await get(`${shipsPath}?includeObject=Nope`, table)
      expect([status, body.message]).toEqual([
        400,
        "Unable to convert to Table as requested: includeObject: Invalid value: \"Nope\": must be 'Metadata', 'Object', 'None', or empty",
      ])
    })
    test('without objects say so', async () => {
      await server.call('POST', shipsPath, { body: ship('drawn', {}) })
      const path = `${shipsPath}?includeObject=None&fieldSelector=metadata.name%3Ddrawn`
      const { body } = await get(path, table)
      expect(valueAt(body, 'rows')).toEqual([{ cells: ['drawn', null], object: null }])
    })
  })

  describe('about names that are made up', () => {
    const make = (metadata: object) => server.call('POST', configMaps, { body: { metadata } })

    test('cut them to what names may have', async () => {
      const { body } = await make({ generateName: 'a'.repeat(200) })
      expect(textAt(body, 'metadata', 'name')).toHaveLength(63)
    })
    test('refuse a beginning that is too long', async () => {
      const { body } = await make({ generateName: 'a'.repeat(260) })
      expect(body.message).toContain('metadata.generateName: Invalid value: "aaa')
      expect(body.message).toContain('must be no more than 253 characters')
    })
    test('refuse a beginning that no name may have', async () => {
      const { body } = await make({ generateName: 'Abc-' })
      expect(body.message).toContain('metadata.generateName: Invalid value: "Abc-": a lowercase RFC 1123')
      expect(body.message).toContain('metadata.name: Invalid value: "Abc-')
    })
    test('ask to try again where there is one already', async () => {
      await make({ name: 'fixed', generateName: 'fi' })
      const { status, body, headers } = await make({ name: 'fixed', generateName: 'fi' })
      expect([status, headers['retry-after'], body.message]).toEqual([
        409,
        '1',
        'configmaps "fixed" already exists, the server was not able to generate a unique name for the object',
      ])
    })
  })

  test('refuse what etcd refuses', async () => {
    const { status, body } = await server.call('POST', shipsPath, {
      body: ship('huge', { captain: 'a'.repeat(1_600_000) }),
    })
    expect([status, body.reason, body.message]).toEqual([500, undefined, 'etcdserver: request is too large'])
  })

  test('tell the precondition of a namespace in words of its own', async () => {
    const { body } = await server.call('POST', namespaces, { body: { metadata: { name: 'meant' } } })
    const refused = (preconditions: object) =>
      server.call('DELETE', `${namespaces}/meant`, { body: { preconditions } })
    const [uid, version] = ['uid', 'resourceVersion'].map(field => textAt(body, 'metadata', field))
    const begin = 'Operation cannot be fulfilled on namespaces "meant": Precondition failed: '
    expect((await refused({ uid: 'other' })).body.message).toBe(
      `${begin}UID in precondition: other, UID in object meta: ${uid}`,
    )
    expect((await refused({ resourceVersion: '1' })).body.message).toBe(
      `${begin}ResourceVersion in precondition: 1, ResourceVersion in object meta: ${version}`,
    )
  })
})
