import { listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { describe, expect, test } from 'vitest'
import { describeContract, ship, shipsPath } from './contract.ts'
import { patchTypes } from './test-server.ts'

const badLabel =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

describeContract('writes', ships => {
  const create = (name: string, spec?: Record<string, unknown>, metadata: object = {}) => {
    const body = ship(name, spec)
    return ships.call('POST', shipsPath, { body: { ...body, metadata: { name, ...metadata } } })
  }
  const json = (name: string, body: unknown, query = '') =>
    ships.call('PATCH', `${shipsPath}/${name}${query}`, { body, type: patchTypes.json })

  describe('of labels that no server takes', () => {
    const labels = { a: 'x y' }
    const message = (name: string) =>
      `Ship.contract.example.com "${name}" is invalid: metadata.labels: Invalid value: "x y": ${badLabel}`

    test('are refused when an object is made', async () => {
      expect((await create('l1', undefined, { labels })).body.message).toBe(message('l1'))
    })
    test('are refused in an update', async () => {
      const { body } = await create('l2')
      const metadata = { ...(body.metadata as object), labels }
      const answer = await ships.call('PUT', `${shipsPath}/l2`, { body: { ...body, metadata } })
      expect([answer.status, answer.body.message]).toEqual([422, message('l2')])
    })
    test('are refused in a merge patch', async () => {
      await create('l3')
      const answer = await ships.merge(`${shipsPath}/l3`, { metadata: { labels } })
      expect([answer.status, answer.body.message]).toEqual([422, message('l3')])
    })
    test('are refused in an apply', async () => {
      await create('l4')
      const body = ship('l4')
      const answer = await ships.apply(
        'm',
        { ...body, metadata: { ...body.metadata, labels } as never },
        '&force=true',
      )
      expect([answer.status, answer.body.message]).toEqual([422, message('l4')])
    })
  })

  test('of annotations that are too many are refused', async () => {
    const half = 'x'.repeat(131_072)
    const answer = await create('a1', undefined, { annotations: { a: half, b: half } })
    expect(answer.body.message).toBe(
      'Ship.contract.example.com "a1" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes',
    )
  })

  test('of an owner without an identity are refused', async () => {
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'a' }
    const answer = await create('o1', undefined, { ownerReferences: [owner] })
    expect(answer.body.message).toBe(
      'Ship.contract.example.com "o1" is invalid: metadata.ownerReferences.uid: Invalid value: "": must not be empty',
    )
  })

  describe('that apply', () => {
    const holds = [{ name: 'a' }, { name: 'a', weight: 1 }]

    test('a key of a list twice are refused', async () => {
      const answer = await ships.apply('m', ship('d1', { holds }))
      expect([answer.status, answer.body.reason, answer.body.message]).toEqual([
        500,
        undefined,
        'failed to create typed patch object (/d1; contract.example.com/v1, Kind=Ship): .spec.holds: duplicate entries for key [name="a"]',
      ])
    })
    test('an item of a set twice are refused', async () => {
      const answer = await ships.apply('m', ship('d2', { tags: ['x', 'x'] }))
      expect(answer.body.message).toContain('.spec.tags: duplicate entries for key [="x"]')
    })
    test('an item without its key are refused', async () => {
      const answer = await ships.apply('m', ship('d3', { holds: [{ weight: 1 }] }))
      expect(answer.body.message).toContain(
        '.spec.holds: element 0: associative list with keys has an element that omits all key fields ["name"]',
      )
    })
    test('nothing in the place of a map take it away, and cannot', async () => {
      await ships.apply('m', ship('e1', { notes: { a: '1' } }))
      const answer = await ships.apply('m', ship('e1', { notes: {} }))
      expect([answer.status, answer.body.message]).toEqual([
        422,
        'Ship.contract.example.com "e1" is invalid: spec.notes: Invalid value: "null": spec.notes in body must be of type object: "null"',
      ])
    })
    test('labels that become none are taken', async () => {
      const body = ship('e2')
      await ships.apply('m', { ...body, metadata: { ...body.metadata, labels: { a: 'b' } } as never })
      const answer = await ships.apply('m', { ...body, metadata: { ...body.metadata, labels: {} } as never })
      expect([answer.status, valueAt(answer.body, 'metadata', 'labels')]).toEqual([200, undefined])
    })
    test('what others made find an owner of what was before', async () => {
      await create('b1', { size: 1 }, { managedFields: [{}] })
      await ships.call('PATCH', `${shipsPath}/b1`, {
        body: [{ op: 'replace', path: '/metadata/managedFields', value: [{}] }],
        type: patchTypes.json,
      })
      const { body } = await ships.apply('m', ship('b1', { captain: 'ada' }))
      const names = listAt(body, 'metadata', 'managedFields').map(each => textAt(each, 'manager'))
      expect(names).toEqual(['m', 'before-first-apply'])
    })
    test('of another kind are refused', async () => {
      const answer = await ships.apply('m', { ...ship('k1'), kind: 'Boat' })
      expect([answer.status, answer.body.message]).toEqual([
        400,
        'invalid object type: contract.example.com/v1, Kind=Boat',
      ])
    })
    test('by a name that is too long are refused', async () => {
      const answer = await ships.apply('m'.repeat(129), ship('k2'))
      expect(answer.body.message).toBe(
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
      )
    })
    test('whatever is not false by force', async () => {
      await ships.apply('m1', ship('k3', { size: 1 }))
      expect((await ships.apply('m2', ship('k3', { size: 2 }), '&force=maybe')).status).toBe(200)
    })
  })

  describe('by a JSON patch', () => {
    test('replace what is not there', async () => {
      await create('j1')
      const answer = await json('j1', [{ op: 'replace', path: '/spec/captain', value: 'ada' }])
      expect([answer.status, answer.body.spec]).toEqual([200, { size: 3, captain: 'ada' }])
    })
    test('copy nothing over something', async () => {
      await create('j2', { size: 3, captain: 'ada' })
      const answer = await json('j2', [{ op: 'copy', from: '/spec/nothing', path: '/spec/captain' }])
      expect([answer.status, answer.body.spec]).toEqual([200, { size: 3 }])
    })
    test('find null where nothing is', async () => {
      await create('j3')
      expect((await json('j3', [{ op: 'test', path: '/spec/captain', value: null }])).status).toBe(200)
    })
    test('that fails say not a word why', async () => {
      await create('j4')
      const answer = await json('j4', [{ op: 'remove', path: '/spec/captain' }])
      expect(answer.body).toMatchObject({
        code: 422,
        reason: 'Invalid',
        message: 'the server rejected our request due to an error in our request',
        details: {},
      })
    })
    test('cannot take away metadata that is not there', async () => {
      await create('j9')
      expect((await json('j9', [{ op: 'remove', path: '/metadata/finalizers' }])).status).toBe(422)
    })
    test('take no operation that is none', async () => {
      await create('j5')
      expect((await json('j5', [{ op: 'frob', path: '/spec/size' }])).status).toBe(422)
    })
    test('take nothing but a list', async () => {
      await create('j6')
      const answer = await json('j6', { op: 'remove', path: '/spec/size' })
      expect([answer.status, answer.body.message]).toEqual([
        400,
        'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
      ])
    })
    test('cannot take the version away', async () => {
      await create('j7')
      expect((await json('j7', [{ op: 'remove', path: '/metadata/resourceVersion' }])).status).toBe(422)
    })
  })

  describe('of an identity', () => {
    test('cannot be changed by a patch', async () => {
      await create('i1')
      const answer = await ships.merge(`${shipsPath}/i1`, { metadata: { uid: 'x' } })
      expect([answer.status, answer.body.message]).toEqual([
        422,
        'Ship.contract.example.com "i1" is invalid: metadata.uid: Invalid value: "x": field is immutable',
      ])
    })
    test('with a version that is no number are no conflict', async () => {
      await create('i2')
      const answer = await ships.merge(`${shipsPath}/i2`, { metadata: { resourceVersion: 'abc' } })
      expect([answer.status, answer.body.message]).toEqual([
        500,
        'strconv.ParseUint: parsing "abc": invalid syntax',
      ])
    })
    test('of a new object with a version are refused', async () => {
      const answer = await create('i3', undefined, { resourceVersion: '7' })
      expect([answer.status, answer.body.message]).toEqual([
        500,
        'resourceVersion should not be set on objects to be created',
      ])
    })
  })

  describe('that are tried', () => {
    test('with a word that is not All are refused', async () => {
      const answer = await ships.call('POST', `${shipsPath}?dryRun=`, { body: ship('t1') })
      expect([answer.status, answer.body.message]).toEqual([
        422,
        'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: [""]: supported values: "All"',
      ])
      expect((await ships.call('GET', `${shipsPath}/t1`)).status).toBe(404)
    })
    test('of an update keep the version and count the generation', async () => {
      const { body } = await create('t2')
      const answer = await ships.merge(`${shipsPath}/t2?dryRun=All`, { spec: { size: 9 } })
      expect(answer.body.metadata).toMatchObject({
        generation: 2,
        resourceVersion: valueAt(body, 'metadata', 'resourceVersion'),
      })
    })
  })

  describe('of owners', () => {
    test('fold the oldest of more than ten', async () => {
      await create('m1')
      for (let at = 0; at < 12; at += 1) {
        await ships.merge(`${shipsPath}/m1?fieldManager=u${at}`, { spec: { notes: { [`n${at}`]: 'x' } } })
      }
      const { body } = await ships.call('GET', `${shipsPath}/m1`)
      const names = listAt(body, 'metadata', 'managedFields').map(each => textAt(each, 'manager'))
      expect(names).toHaveLength(10)
      expect(names).toContain('ancient-changes')
    })
    test('forget all when they are told to', async () => {
      const { body } = await create('m2')
      const metadata = { ...(body.metadata as object), managedFields: [{}] }
      const answer = await ships.call('PUT', `${shipsPath}/m2`, { body: { ...body, metadata } })
      expect(valueAt(answer.body, 'metadata', 'managedFields')).toBeUndefined()
    })
  })

  describe('of a status', () => {
    test('through the object itself are dropped, and nobody owns them', async () => {
      const { body } = await ships.call('POST', shipsPath, { body: { ...ship('s1'), status: { size: 9 } } })
      expect(body.status).toBeUndefined()
      expect(JSON.stringify(valueAt(body, 'metadata', 'managedFields'))).not.toContain('f:status')
    })
    test('store no labels, and own them all the same', async () => {
      await create('s2')
      const { body } = await ships.merge(`${shipsPath}/s2/status`, {
        metadata: { labels: { a: 'b' } },
        status: { size: 1 },
      })
      expect(valueAt(body, 'metadata', 'labels')).toBeUndefined()
      expect(JSON.stringify(valueAt(body, 'metadata', 'managedFields'))).toContain('f:labels')
    })
  })

  describe('of a scale', () => {
    test('below nothing are refused', async () => {
      await create('c1')
      const answer = await ships.merge(`${shipsPath}/c1/scale`, { spec: { replicas: -1 } })
      expect(answer.status).toBe(422)
      expect(answer.body.message).toContain('.spec.size: Invalid value: -1: should be a non-negative integer')
    })
    test('of more than 32 bits are refused', async () => {
      const answer = await create('c2', { size: 4_294_967_296 })
      expect(answer.body.message).toContain(
        '.spec.size: Invalid value: 4294967296: should be less than or equal to 2147483647',
      )
    })
  })
})
