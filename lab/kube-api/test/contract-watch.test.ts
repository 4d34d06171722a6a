import { type Fields, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { beforeAll, expect, test } from 'vitest'
import { describeContract, type Ships, ship, shipsPath } from './contract.ts'

const labelled = (name: string, labels: Record<string, string>) => {
  const object = ship(name)
  return { ...object, metadata: { ...object.metadata, labels } }
}
const brief = (events: Fields[]) =>
  events.map(event => `${event.type} ${textAt(event, 'object', 'metadata', 'name')}`)
const revisionNow = async ({ call }: Ships) =>
  textAt((await call('GET', shipsPath)).body, 'metadata', 'resourceVersion')

/** Every event of a watch that is open for a second. */
async function watched(
  { call }: Ships,
  query: string,
): Promise<{ status: number; events: Fields[]; body: Fields }> {
  const { status, text, body } = await call('GET', `${shipsPath}?watch=true&timeoutSeconds=1&${query}`, {
    lines: true,
  })
  const lines = text.split('\n').filter(Boolean)
  return { status, body, events: status === 200 ? lines.map(line => JSON.parse(line) as Fields) : [] }
}

describeContract('watches', ships => {
  test('begin with what is there', async () => {
    await ships.call('POST', shipsPath, { body: labelled('there', { set: 'there' }) })
    expect(brief((await watched(ships, 'labelSelector=set%3Dthere')).events)).toEqual(['ADDED there'])
    expect(brief((await watched(ships, 'labelSelector=set%3Dthere&resourceVersion=0')).events)).toEqual([
      'ADDED there',
    ])
  })

  test('tell what has happened since a version, in its order', async () => {
    const from = await revisionNow(ships)
    await ships.call('POST', shipsPath, { body: labelled('since', { set: 'since' }) })
    await ships.merge(`${shipsPath}/since`, { spec: { size: 4 } })
    await ships.call('DELETE', `${shipsPath}/since`)
    const { events } = await watched(ships, `labelSelector=set%3Dsince&resourceVersion=${from}`)
    expect(brief(events)).toEqual(['ADDED since', 'MODIFIED since', 'DELETED since'])
    const versions = events.map(event => Number(textAt(event, 'object', 'metadata', 'resourceVersion')))
    expect(versions).toEqual([...versions].sort((a, b) => a - b))
  })

  test('show an object that begins or ceases to match as added or deleted', async () => {
    const from = await revisionNow(ships)
    await ships.call('POST', shipsPath, { body: labelled('moving', { set: 'no' }) })
    await ships.merge(`${shipsPath}/moving`, { metadata: { labels: { set: 'yes' } } })
    await ships.merge(`${shipsPath}/moving`, { metadata: { labels: { set: 'no' } } })
    const { events } = await watched(ships, `labelSelector=set%3Dyes&resourceVersion=${from}`)
    expect(brief(events)).toEqual(['ADDED moving', 'DELETED moving'])
  })

  test('send the initial events up to a bookmark that says where they end', async () => {
    await ships.call('POST', shipsPath, { body: labelled('initial', { set: 'initial' }) })
    const query =
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion='
    const { events } = await watched(ships, `labelSelector=set%3Dinitial&${query}`)
    expect(events.slice(0, 2).map(event => event.type)).toEqual(['ADDED', 'BOOKMARK'])
    const bookmark = valueAt(events[1], 'object')
    expect(bookmark).toMatchObject({
      kind: 'Ship',
      apiVersion: 'contract.example.com/v1',
      metadata: {
        annotations: { 'k8s.io/initial-events-end': 'true' },
        resourceVersion: expect.stringMatching(/^\d+$/),
      },
    })
  })

  test('refuse initial events without the match that they need', async () => {
    const { status, body } = await watched(ships, 'sendInitialEvents=true')
    expect({ status, message: body.message }).toMatchObject({
      status: 422,
      message: expect.stringContaining('resourceVersionMatch: Forbidden: sendInitialEvents requires'),
    })
  })

  test('refuse a version that is none', async () => {
    const { status, body } = await watched(ships, 'resourceVersion=soon')
    expect({ status, message: body.message }).toMatchObject({
      status: 500,
      message: expect.stringContaining('resourceVersion: Invalid value: "soon"'),
    })
  })

  test('are told in the stream that their version is too old', async () => {
    const { status, events } = await watched(ships, 'resourceVersion=1')
    expect(status).toBe(200)
    expect(events).toEqual([
      {
        type: 'ERROR',
        object: expect.objectContaining({
          kind: 'Status',
          code: 410,
          reason: 'Expired',
          message: expect.stringMatching(/^too old resource version: 1 \(\d+\)$/),
        }),
      },
    ])
  })

  test('of one object are watches with a field selector', async () => {
    for (const name of ['one', 'two'])
      await ships.call('POST', shipsPath, { body: labelled(name, { set: 'single' }) })
    const { events } = await watched(ships, 'fieldSelector=metadata.name%3Dtwo')
    expect(brief(events)).toEqual(['ADDED two'])
  })

  test('draw rows of tables, with the columns in the first event only', async () => {
    for (const name of ['row-a', 'row-b'])
      await ships.call('POST', shipsPath, { body: labelled(name, { set: 'rows' }) })
    const { text } = await ships.call(
      'GET',
      `${shipsPath}?watch=true&timeoutSeconds=1&labelSelector=set%3Drows`,
      {
        headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
        lines: true,
      },
    )
    const tables = text
      .split('\n')
      .filter(Boolean)
      .map(line => valueAt(JSON.parse(line), 'object'))
    expect(tables.map(table => valueAt(table, 'rows', 0, 'cells', 0))).toEqual(['row-a', 'row-b'])
    expect(tables.map(table => listAt(table, 'columnDefinitions').length)).toEqual([2, 0])
  })
})

describeContract('the beginning and the end of watches', ships => {
  const types = async (query: string) => {
    const { events } = await watched(ships, `labelSelector=set%3Dbegin&${query}`)
    return events.map(event => event.type)
  }
  beforeAll(async () => {
    await ships.call('POST', shipsPath, { body: labelled('begin', { set: 'begin' }) })
  })
  const later = '&resourceVersionMatch=NotOlderThan'

  test.each<[string, string[]]>([
    ['', ['ADDED']],
    ['allowWatchBookmarks=true', ['ADDED', 'BOOKMARK']],
    ['allowWatchBookmarks=yes&resourceVersion=0', ['ADDED', 'BOOKMARK']],
    ['allowWatchBookmarks=0', ['ADDED']],
    [`sendInitialEvents=true${later}`, ['ADDED']],
    [`sendInitialEvents=true&allowWatchBookmarks=true${later}`, ['ADDED', 'BOOKMARK']],
    [`sendInitialEvents=false${later}`, []],
    [`sendInitialEvents=false&allowWatchBookmarks=true${later}`, []],
    ['resourceVersion=99999', []],
  ])('with the options %j are %j', async (query, expected) => {
    expect(await types(query)).toEqual(expected)
  })

  test('with initial events are what is there, however old the version', async () => {
    const from = await revisionNow(ships)
    await ships.merge(`${shipsPath}/begin`, { spec: { size: 9 } })
    expect(await types(`sendInitialEvents=true${later}&resourceVersion=${from}`)).toEqual(['ADDED'])
    expect(await types(`sendInitialEvents=false${later}&resourceVersion=${from}`)).toEqual(['MODIFIED'])
  })

  test('tell an object that ceases to match as it was, with the version of the change', async () => {
    const from = await revisionNow(ships)
    await ships.call('POST', shipsPath, { body: labelled('leaving', { set: 'leaving', at: 'sea' }) })
    const left = await ships.merge(`${shipsPath}/leaving`, {
      metadata: { labels: { set: 'left', at: 'home' } },
      spec: { size: 9 },
    })
    const { events } = await watched(ships, `labelSelector=set%3Dleaving&resourceVersion=${from}`)
    expect(events[1]).toMatchObject({
      type: 'DELETED',
      object: { metadata: { labels: { set: 'leaving', at: 'sea' } }, spec: { size: 3 } },
    })
    expect(valueAt(events[1], 'object', 'metadata', 'resourceVersion')).toBe(
      valueAt(left.body, 'metadata', 'resourceVersion'),
    )
  })
})

describeContract('discovery', ships => {
  test('lists the resource with its verbs and subresources', async () => {
    const { body } = await ships.call('GET', '/apis/contract.example.com/v1')
    expect(body).toMatchObject({
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: 'contract.example.com/v1',
    })
    const resources = listAt(body, 'resources')
    expect(resources.map(each => textAt(each, 'name'))).toEqual(['ships', 'ships/status', 'ships/scale'])
    expect(resources[0]).toMatchObject({
      kind: 'Ship',
      singularName: 'ship',
      namespaced: true,
      shortNames: ['sh'],
      verbs: expect.arrayContaining([
        'create',
        'delete',
        'deletecollection',
        'get',
        'list',
        'patch',
        'update',
        'watch',
      ]),
    })
    expect(resources[2]).toMatchObject({ kind: 'Scale', group: 'autoscaling', version: 'v1' })
  })

  test('describes the group', async () => {
    expect((await ships.call('GET', '/apis/contract.example.com')).body).toMatchObject({
      kind: 'APIGroup',
      name: 'contract.example.com',
      preferredVersion: { groupVersion: 'contract.example.com/v1', version: 'v1' },
    })
  })

  test('knows no group that nobody has defined', async () => {
    expect((await ships.call('GET', '/apis/nobody.example.com/v1')).status).toBe(404)
    expect((await ships.call('GET', '/apis/contract.example.com/v9')).status).toBe(404)
    expect((await ships.call('GET', '/apis/contract.example.com/v1/namespaces/default/boats')).status).toBe(
      404,
    )
  })
})
