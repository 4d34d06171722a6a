import { listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { expect, test } from 'vitest'
import { describeContract, ship, shipsPath } from './contract.ts'

const everywhere = '/apis/contract.example.com/v1/ships'
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const noPage = { status: 404, text: '404 page not found\n' }

// What Kubernetes itself answers is the measure: the simulator and the genuine server pass the same tests.
describeContract('paths', ships => {
  test.each<[string, string, object | undefined]>([
    ['creates', 'POST', ship('lost')],
    [
      'creates, whatever the object says,',
      'POST',
      { ...ship('lost'), metadata: { name: 'lost', namespace: 'default' } },
    ],
    ['deletes', 'DELETE', undefined],
  ])('without a namespace nobody %s', async (_, method, body) => {
    await ships.call('POST', shipsPath, { body: ship('homed') })
    expect(await ships.call(method, everywhere, { body })).toMatchObject(noPage)
    expect((await ships.call('GET', `${shipsPath}/homed`)).status).toBe(200)
    expect((await ships.call('GET', `${shipsPath}/lost`)).status).toBe(404)
  })

  test('without a namespace lead to no single object', async () => {
    await ships.call('POST', shipsPath, { body: ship('single') })
    for (const method of ['GET', 'DELETE', 'PUT', 'PATCH'])
      expect(await ships.call(method, `${everywhere}/single`)).toMatchObject(noPage)
  })

  test('without a namespace list all of them', async () => {
    await ships.call('POST', shipsPath, { body: ship('listed') })
    const { body } = await ships.call('GET', `${everywhere}?fieldSelector=metadata.name%3Dlisted`)
    expect(listAt(body, 'items').map(each => textAt(each, 'metadata', 'namespace'))).toEqual(['default'])
  })

  test('of a kind of the server itself answer in the words of its router', async () => {
    const refusals = {
      405: 'the server does not allow this method on the requested resource',
      404: 'the server could not find the requested resource',
    }
    const ofNamespace = definitions.replace('/customresource', '/namespaces/default/customresource')
    for (const [method, path, code] of [
      ['POST', `${definitions}/x`, 405],
      ['PUT', definitions, 405],
      ['PATCH', definitions, 405],
      ['GET', ofNamespace, 404],
      ['GET', `${definitions}/x/scale`, 404],
    ] as const) {
      const { status, body } = await ships.call(method, path)
      expect({ method, path, status, body }).toMatchObject({
        status: code,
        body: { kind: 'Status', code, message: refusals[code] },
      })
    }
  })

  test('know no method but the five', async () => {
    const { status, body } = await ships.call('OPTIONS', shipsPath)
    expect({ status, body }).toMatchObject({
      status: 405,
      body: {
        reason: 'MethodNotAllowed',
        message: ' is not supported on resources of kind "ships.contract.example.com"',
        details: { group: 'contract.example.com', kind: 'ships' },
      },
    })
  })

  test('of an object that there is not yet create it by the name in the body', async () => {
    const { status, body } = await ships.call('POST', `${shipsPath}/elsewhere`, { body: ship('here') })
    expect([status, textAt(body, 'metadata', 'name')]).toEqual([201, 'here'])
  })

  test('of subresources that a kind does not have are not found', async () => {
    await ships.call('POST', shipsPath, { body: ship('plain') })
    expect((await ships.call('GET', `${shipsPath}/plain/nothing`)).body).toMatchObject({
      code: 404,
      message: 'ships.contract.example.com "plain" not found',
      details: { name: 'plain', group: 'contract.example.com', kind: 'ships' },
    })
  })

  test('that lead nowhere are no page, and the root tells which there are', async () => {
    const { status, text } = await ships.call('GET', '/nowhere')
    expect([status, text]).toEqual([404, '404 page not found\n'])
    const { body } = await ships.call('GET', '/')
    expect(body.paths).toEqual(expect.arrayContaining(['/api', '/apis', '/healthz', '/version']))
  })

  test('of groups that nobody defines are no page', async () => {
    for (const path of [
      '/apis/nobody.example.com/v1/boats',
      '/apis/contract.example.com/v9/ships',
      '/apis/contract.example.com/v1/rafts',
    ])
      expect(await ships.call('GET', path)).toMatchObject(noPage)
  })

  test('of single objects are no watches', async () => {
    await ships.call('POST', shipsPath, { body: ship('seen') })
    const { body } = await ships.call('GET', `${shipsPath}/seen?watch=true&timeoutSeconds=1`)
    expect(body).toMatchObject({ kind: 'Ship', metadata: { name: 'seen' } })
  })

  test.each([
    ['of a collection', `/apis/contract.example.com/v1/watch/namespaces/default/ships`],
    ['over all namespaces', '/apis/contract.example.com/v1/watch/ships'],
    ['of one object', `/apis/contract.example.com/v1/watch/namespaces/default/ships/old-way`],
  ])('of old begin a watch: %s', async (_, path) => {
    await ships.call('POST', shipsPath, { body: ship('old-way') })
    const { text } = await ships.call('GET', `${path}?timeoutSeconds=1`, { lines: true })
    const events = text
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as unknown)
    expect(
      events.map(event => [valueAt(event, 'type'), textAt(event, 'object', 'metadata', 'name')]),
    ).toContainEqual(['ADDED', 'old-way'])
    if (path.endsWith('old-way')) expect(events).toHaveLength(1)
  })
})

describeContract('requests', ships => {
  test('are given an identity, or keep theirs', async () => {
    const { headers } = await ships.call('GET', shipsPath)
    expect(headers['audit-id']).toMatch(/^[0-9a-f-]{36}$/)
    const own = await ships.call('GET', '/nowhere', { headers: { 'audit-id': 'my-own' } })
    expect(own.headers['audit-id']).toBe('my-own')
  })

  test('are told which flow they belong to', async () => {
    const { headers } = await ships.call('GET', shipsPath)
    for (const header of ['x-kubernetes-pf-flowschema-uid', 'x-kubernetes-pf-prioritylevel-uid'])
      expect(headers).toHaveProperty(header)
  })

  test.each([
    ['abc', 'time: invalid duration "abc"'],
    ['5', 'time: missing unit in duration "5"'],
    ['5x', 'time: unknown unit "x" in duration "5x"'],
  ])('take no time-out of %s', async (timeout, problem) => {
    const { status, body } = await ships.call('GET', `${shipsPath}?timeout=${timeout}`)
    expect([status, body.reason, body.message]).toEqual([
      400,
      'BadRequest',
      `invalid timeout specified in the request URL - ${problem}`,
    ])
    expect((await ships.call('GET', `${shipsPath}?timeout=1m5.5s`)).status).toBe(200)
  })
})
