import { type Fields, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { expect, test } from 'vitest'
import { describeContract, ship, shipsPath } from './contract.ts'
import { patchTypes } from './test-server.ts'

const uid = '00000000-0000-4000-8000-000000000000'
const modified = 'the object has been modified; please apply your changes to the latest version and try again'
const conflictOf = (name: string, cause: string) =>
  `Operation cannot be fulfilled on ships.contract.example.com "${name}": ${cause}`
const immutableUid = (name: string) =>
  `Ship.contract.example.com "${name}" is invalid: metadata.uid: Invalid value: "${uid}": field is immutable`

/** Another size, said to be over an object of a certain version or identity. */
function over(name: string, metadata: object) {
  const changed = ship(name, { size: 7 })
  return { ...changed, metadata: { ...changed.metadata, ...metadata } }
}

// What Kubernetes itself answers is the measure: the simulator and the genuine server pass the same tests.
describeContract('server-side apply', ships => {
  test('records who set what', async () => {
    const spec = {
      size: 1,
      tags: ['b', 'a'],
      holds: [{ name: 'aft', weight: 2 }],
      box: { x: '1' },
      notes: { a: '1' },
    }
    const { body } = await ships.apply('m1', ship('owned', spec))
    expect(valueAt(body, 'metadata', 'managedFields', 0)).toMatchObject({
      manager: 'm1',
      operation: 'Apply',
      apiVersion: 'contract.example.com/v1',
      fieldsType: 'FieldsV1',
    })
    expect(valueAt(body, 'metadata', 'managedFields', 0, 'fieldsV1')).toEqual({
      'f:spec': {
        'f:size': {},
        'f:tags': { 'v:"a"': {}, 'v:"b"': {} },
        'f:holds': { 'k:{"name":"aft"}': { '.': {}, 'f:name': {}, 'f:weight': {} } },
        'f:box': {},
        'f:notes': { 'f:a': {} },
      },
    })
  })

  test('names one conflict', async () => {
    await ships.apply('m1', ship('one'))
    expect((await ships.apply('m2', ship('one', { size: 5 }))).body).toMatchObject({
      status: 'Failure',
      reason: 'Conflict',
      code: 409,
      message: 'Apply failed with 1 conflict: conflict with "m1": .spec.size',
      details: {
        causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "m1"', field: '.spec.size' }],
      },
    })
  })

  test('names several conflicts', async () => {
    await ships.apply('m1', ship('several', { size: 1, holds: [{ name: 'aft', weight: 2 }] }))
    const { body } = await ships.apply(
      'm2',
      ship('several', { size: 5, holds: [{ name: 'aft', weight: 3 }] }),
    )
    expect(body.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "m1":\n- .spec.size\n- .spec.holds[name="aft"].weight',
    )
  })

  test('names a conflict with somebody who did not apply', async () => {
    await ships.call('POST', `${shipsPath}?fieldManager=maker`, { body: ship('updated') })
    expect((await ships.apply('m2', ship('updated', { size: 5 }))).body.message).toBe(
      'Apply failed with 1 conflict: conflict with "maker" using contract.example.com/v1: .spec.size',
    )
  })

  test('hands a field over by force', async () => {
    await ships.apply('m1', ship('forced', { size: 1, captain: 'ann' }))
    const { body } = await ships.apply('m2', ship('forced', { size: 5 }), '&force=true')
    const owners = listAt(body, 'metadata', 'managedFields').map(entry => [
      textAt(entry, 'manager'),
      valueAt(entry, 'fieldsV1', 'f:spec'),
    ])
    expect(Object.fromEntries(owners as [string, unknown][])).toEqual({
      m1: { 'f:captain': {} },
      m2: { 'f:size': {} },
    })
  })

  test('removes what its owner leaves out, unless somebody shares it', async () => {
    const spec = {
      size: 1,
      captain: 'ann',
      holds: [{ name: 'aft' }, { name: 'fore' }],
      notes: { a: '1', b: '2' },
    }
    await ships.apply('m1', ship('left', spec))
    await ships.apply('m2', ship('left', { captain: 'ann' }))
    const { body } = await ships.apply('m1', ship('left', { holds: [{ name: 'aft' }], notes: { b: '2' } }))
    expect(body.spec).toEqual({ captain: 'ann', holds: [{ name: 'aft' }], notes: { b: '2' } })
  })

  test('keeps its version when the same is applied again', async () => {
    const first = await ships.apply('m1', ship('again', { size: 1, tags: ['a'] }))
    const second = await ships.apply('m1', ship('again', { size: 1, tags: ['a'] }))
    expect([first.status, second.status]).toEqual([201, 200])
    expect(valueAt(second.body, 'metadata')).toEqual(valueAt(first.body, 'metadata'))
  })

  test('needs a manager to apply', async () => {
    const { body } = await ships.call('PATCH', `${shipsPath}/anonymous`, {
      body: ship('anonymous'),
      type: patchTypes.apply,
    })
    expect(body).toMatchObject({
      code: 422,
      message:
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    })
  })

  test('applies a dry run without keeping it', async () => {
    const { status } = await ships.apply('m1', ship('dry'), '&dryRun=All')
    expect(status).toBe(201)
    expect((await ships.call('GET', `${shipsPath}/dry`)).status).toBe(404)
  })

  test('makes what is not there, whatever version it is said to be over', async () => {
    const made = await ships.apply('m1', over('fresh', { resourceVersion: '1' }))
    expect(made.status).toBe(201)
    expect(textAt(made.body, 'metadata', 'resourceVersion')).not.toBe('1')
  })

  test.each<[string, object, object]>([
    ['another version', { resourceVersion: '1' }, { code: 409, message: conflictOf('there', modified) }],
    ['another version and identity', { resourceVersion: '1', uid }, { code: 409, reason: 'Conflict' }],
    ['another identity', { uid }, { code: 422, message: immutableUid('there') }],
  ])('changes nothing that is %s than it is said to be over, also by force', async (_, metadata, refusal) => {
    await ships.apply('m1', ship('there'))
    const { body: before } = await ships.call('GET', `${shipsPath}/there`)
    const refused = await ships.apply('m1', over('there', metadata), '&force=true')
    expect(refused.body).toMatchObject(refusal)
    expect((await ships.call('GET', `${shipsPath}/there`)).body).toEqual(before)
  })

  test('makes nothing in the place of what it is said to be over', async () => {
    const refused = await ships.apply('m1', over('left-off', { uid }))
    const cause = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`
    expect(refused.body).toMatchObject({ code: 409, message: conflictOf('left-off', cause) })
    expect((await ships.call('GET', `${shipsPath}/left-off`)).status).toBe(404)
  })

  test('takes the version and identity of what is there', async () => {
    const { body } = await ships.apply('m1', ship('same'))
    const { uid, resourceVersion } = body.metadata as { uid: string; resourceVersion: string }
    const changed = await ships.apply('m1', over('same', { uid, resourceVersion }))
    expect([changed.status, valueAt(changed.body, 'spec', 'size')]).toEqual([200, 7])
  })

  test.each<[string, object, string]>([
    ['a field that is not there', { captian: 'x' }, '.spec.captian: field not declared in schema'],
    [
      'a number for a text',
      { captain: 3 },
      '.spec.captain: expected string, got &value.valueUnstructured{Value:3}',
    ],
    [
      'a key twice',
      { holds: [{ name: 'a' }, { name: 'a' }] },
      '.spec.holds: duplicate entries for key [name="a"]',
    ],
    ['a text twice', { tags: ['x', 'x'] }, '.spec.tags: duplicate entries for key [="x"]'],
  ])('refuses %s with 500 and no reason', async (_, spec, problem) => {
    for (const query of ['', '&dryRun=All', '&fieldValidation=Ignore']) {
      const { status, body } = await ships.apply('m1', ship('mistyped', spec as Fields), query)
      expect([status, body.reason, body.details]).toEqual([500, undefined, undefined])
      const subject = 'contract.example.com/v1, Kind=Ship'
      expect(body.message).toBe(`failed to create typed patch object (/mistyped; ${subject}): ${problem}`)
    }
    expect((await ships.call('GET', `${shipsPath}/mistyped`)).status).toBe(404)
  })

  test('gives an updater the maps and lists that it made', async () => {
    await ships.call('POST', `${shipsPath}?fieldManager=maker`, {
      body: ship('made', { notes: { a: '1' }, holds: [{ name: 'aft' }] }),
    })
    const { body } = await ships.call('PATCH', `${shipsPath}/made/status?fieldManager=watcher`, {
      body: { status: { size: 1 } },
      type: patchTypes.merge,
    })
    expect(listAt(body, 'metadata', 'managedFields').map(entry => valueAt(entry, 'fieldsV1'))).toEqual([
      {
        'f:spec': {
          '.': {},
          'f:notes': { '.': {}, 'f:a': {} },
          'f:holds': { '.': {}, 'k:{"name":"aft"}': { '.': {}, 'f:name': {} } },
        },
      },
      { 'f:status': { '.': {}, 'f:size': {} } },
    ])
  })

  test('takes an item away from those who only set fields in it', async () => {
    await ships.apply('m1', ship('taken', { size: 1, holds: [{ name: 'aft' }, { name: 'fore' }] }))
    const holds = [{ name: 'aft', weight: 1 }, { name: 'fore' }]
    await ships.call('PATCH', `${shipsPath}/taken?fieldManager=loader`, {
      body: { spec: { holds } },
      type: patchTypes.merge,
    })
    const { body } = await ships.apply('m1', ship('taken', { size: 1, holds: [{ name: 'fore' }] }))
    expect(body.spec).toEqual({ size: 1, holds: [{ name: 'fore' }] })
    expect(listAt(body, 'metadata', 'managedFields').map(entry => textAt(entry, 'manager'))).toEqual(['m1'])
  })

  test('keeps the items of others where they stood', async () => {
    const named = (...names: string[]) => ({ holds: names.map(name => ({ name })) })
    await ships.apply('m1', ship('ordered', named('a', 'b', 'c')))
    const { body } = await ships.apply('m2', ship('ordered', named('c', 'a', 'd')))
    expect(listAt(body, 'spec', 'holds').map(hold => textAt(hold, 'name'))).toEqual(['b', 'c', 'a', 'd'])
  })
})
