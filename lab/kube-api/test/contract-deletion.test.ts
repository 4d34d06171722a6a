import { type Fields, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { expect, test } from 'vitest'
import { describeContract, ship, shipsPath } from './contract.ts'

const held = (name: string, finalizers: readonly string[]) => {
  const object = ship(name)
  return { ...object, metadata: { ...object.metadata, finalizers } }
}

describeContract('finalizers', ships => {
  test('without a path are advised against when they are added', async () => {
    const advice = (name: string, path = '') =>
      `metadata.finalizers: "${name}": prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`
    const made = await ships.call('POST', shipsPath, {
      body: held('advised', ['example.com', 'bad', 'example.com/good', 'orphan']),
    })
    expect([made.status, made.warnings]).toEqual([
      201,
      [advice('bad'), advice('example.com', ' including a path (/)')],
    ])
    const more = await ships.merge(`${shipsPath}/advised`, { metadata: { finalizers: ['bad', 'worse'] } })
    expect([more.status, more.warnings]).toEqual([200, [advice('worse')]])
  })
})

const ofOptions = 'DeleteOptions.meta.k8s.io "" is invalid: '
const unsupportedPolicy =
  'propagationPolicy: Unsupported value: "Sideways": supported values: "Foreground", "Background", "Orphan", "nil"'
const both = (policy: string) =>
  `propagationPolicy: Invalid value: "${policy}": orphanDependents and deletionPropagation cannot be both set`

describeContract('options of deletions', ships => {
  const exists = async (name: string) => (await ships.call('GET', `${shipsPath}/${name}`)).status === 200

  test.each<[string, string, object | undefined, string]>([
    ['two policies', '', { orphanDependents: true, propagationPolicy: 'Foreground' }, both('Foreground')],
    [
      'two policies in the query',
      'orphanDependents=false&propagationPolicy=Orphan',
      undefined,
      both('Orphan'),
    ],
    ['a policy that there is not', 'propagationPolicy=Sideways', undefined, unsupportedPolicy],
    [
      'half a dry run',
      '',
      { dryRun: ['Some'] },
      'dryRun: Unsupported value: ["Some"]: supported values: "All"',
    ],
    ['an empty dry run', 'dryRun=', undefined, 'dryRun: Unsupported value: [""]: supported values: "All"'],
    [
      'everything at once',
      '',
      { orphanDependents: true, propagationPolicy: 'Sideways', dryRun: ['x'] },
      `[${both('Sideways')}, ${unsupportedPolicy}, dryRun: Unsupported value: ["x"]: supported values: "All"]`,
    ],
  ])('%s are refused, of one object and of many', async (_, query, body, problem) => {
    await ships.call('POST', shipsPath, { body: ship('kept') })
    for (const path of [`${shipsPath}/kept`, shipsPath]) {
      const refused = await ships.call('DELETE', `${path}?${query}`, { body })
      expect([refused.status, refused.body.reason, refused.body.message]).toEqual([
        422,
        'Invalid',
        ofOptions + problem,
      ])
    }
    expect(await exists('kept')).toBe(true)
  })

  test('are no object of another kind', async () => {
    await ships.call('POST', shipsPath, { body: ship('kinded') })
    const refused = await ships.call('DELETE', `${shipsPath}/kinded`, { body: ship('kinded') })
    expect(refused.body).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message:
        'no kind "Ship" is registered for version "contract.example.com/v1" in scheme "pkg/runtime/scheme.go:111"',
    })
    expect(await exists('kinded')).toBe(true)
  })

  test.each([
    [{ apiVersion: 'v1', kind: 'DeleteOptions' }],
    [{ apiVersion: 'meta.k8s.io/v1', kind: 'DeleteOptions' }],
    [{ kind: 'DeleteOptions' }],
    [{}],
    [{ unknown: true }],
  ])('may say what they are: %j', async body => {
    await ships.call('POST', shipsPath, { body: ship('said') })
    expect((await ships.call('DELETE', `${shipsPath}/said`, { body })).status).toBe(200)
    expect(await exists('said')).toBe(false)
  })

  test('in the body are all that counts', async () => {
    await ships.call('POST', shipsPath, { body: ship('body') })
    const body = { propagationPolicy: 'Foreground' }
    const deleted = await ships.call('DELETE', `${shipsPath}/body?dryRun=All&propagationPolicy=Orphan`, {
      body,
    })
    expect(deleted.body).toMatchObject({ metadata: { finalizers: ['foregroundDeletion'] } })
    await ships.merge(`${shipsPath}/body`, { metadata: { finalizers: null } })
    expect(await exists('body')).toBe(false)
  })

  test('come one after the other, each in the place of the last', async () => {
    await ships.call('POST', shipsPath, { body: held('changed', ['example.com/own']) })
    const left = async (query: string) =>
      valueAt((await ships.call('DELETE', `${shipsPath}/changed?${query}`)).body, 'metadata', 'finalizers')
    expect(await left('propagationPolicy=Foreground')).toEqual(['example.com/own', 'foregroundDeletion'])
    expect(await left('propagationPolicy=Background')).toEqual(['example.com/own'])
    expect(await left('orphanDependents=false')).toEqual(['example.com/own'])
  })

  test('that take dependents along answer 202 while something holds the object', async () => {
    await ships.call('POST', shipsPath, { body: held('accepted', ['example.com/own']) })
    expect((await ships.call('DELETE', `${shipsPath}/accepted?orphanDependents=false`)).status).toBe(202)
    expect((await ships.call('DELETE', `${shipsPath}/accepted`)).status).toBe(200)
  })

  test('may mean one identity and one version', async () => {
    const { body: made } = await ships.call('POST', shipsPath, { body: ship('meant') })
    const { uid, resourceVersion } = made.metadata as { uid: string; resourceVersion: string }
    const refused = async (preconditions: object) =>
      textAt((await ships.call('DELETE', `${shipsPath}/meant`, { body: { preconditions } })).body, 'message')
    const fault = 'Operation cannot be fulfilled on Ship.contract.example.com "meant": '
    const ofUid = `${fault}the UID in the precondition (nope) does not match the UID in record (${uid}). The object might have been deleted and then recreated`
    expect(await refused({ uid: 'nope' })).toBe(ofUid)
    expect(await refused({ uid: 'nope', resourceVersion: '1' })).toBe(ofUid)
    expect(await refused({ uid, resourceVersion: '1' })).toBe(
      `${fault}the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    )
  })
})

describeContract('answers of deletions', ships => {
  test('say of what is gone no code, and of what is left all', async () => {
    const { body: made } = await ships.call('POST', shipsPath, { body: ship('gone') })
    expect((await ships.call('DELETE', `${shipsPath}/gone`)).body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: {
        name: 'gone',
        group: 'contract.example.com',
        kind: 'ships',
        uid: valueAt(made, 'metadata', 'uid'),
      },
    })
  })

  test('of the last finalizer show the object as it was, and watches its end', async () => {
    await ships.call('POST', shipsPath, { body: held('last', ['example.com/own']) })
    const { body: left } = await ships.call('DELETE', `${shipsPath}/last`)
    const { body: ended } = await ships.merge(`${shipsPath}/last`, { metadata: { finalizers: null } })
    expect(valueAt(ended, 'metadata', 'resourceVersion')).toBe(valueAt(left, 'metadata', 'resourceVersion'))
    const from = textAt(left, 'metadata', 'resourceVersion')
    const { text } = await ships.call(
      'GET',
      `${shipsPath}?watch=true&timeoutSeconds=1&resourceVersion=${from}`,
      { lines: true },
    )
    const events = text
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as unknown)
    expect(events.map(event => textAt(event, 'type'))).toEqual(['DELETED'])
    expect(Number(textAt(events[0], 'object', 'metadata', 'resourceVersion'))).toBeGreaterThan(Number(from))
  })
})

describeContract('deletions of many', ships => {
  const names = (body: Fields) => listAt(body, 'items').map(item => textAt(item, 'metadata', 'name'))

  test('go as far as their limit, and say where to go on', async () => {
    for (const name of ['many-a', 'many-b', 'many-c'])
      await ships.call('POST', shipsPath, { body: ship(name) })
    const { body } = await ships.call('DELETE', `${shipsPath}?limit=1`)
    expect([body.kind, names(body)]).toEqual(['ShipList', ['many-a']])
    expect(textAt(body, 'metadata', 'continue')).not.toBe('')
    expect(names((await ships.call('GET', shipsPath)).body)).toEqual(['many-b', 'many-c'])
  })

  test('tell objects as they were', async () => {
    await ships.call('POST', shipsPath, { body: held('many-held', ['example.com/own']) })
    const { body } = await ships.call('DELETE', `${shipsPath}?fieldSelector=metadata.name%3Dmany-held`)
    expect(listAt(body, 'items')[0]).toHaveProperty('metadata.name', 'many-held')
    expect(listAt(body, 'items')[0]).not.toHaveProperty('metadata.deletionTimestamp')
    expect((await ships.call('GET', `${shipsPath}/many-held`)).body).toHaveProperty(
      'metadata.deletionTimestamp',
    )
  })

  test('may be tried', async () => {
    await ships.call('POST', shipsPath, { body: ship('many-tried') })
    const { body } = await ships.call('DELETE', `${shipsPath}?dryRun=All`)
    expect(names(body)).toContain('many-tried')
    expect((await ships.call('GET', `${shipsPath}/many-tried`)).status).toBe(200)
  })
})
