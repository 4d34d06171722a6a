import { type Fields, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { expect, test } from 'vitest'
import { describeContract, ship, shipsPath } from './contract.ts'
import { patchTypes } from './test-server.ts'

const labelled = (name: string, labels: Record<string, string>) => {
  const object = ship(name)
  return { ...object, metadata: { ...object.metadata, labels } }
}
const namesOf = (body: Fields) => listAt(body, 'items').map(item => textAt(item, 'metadata', 'name'))

describeContract('lists', ships => {
  const list = (query: string) => ships.call('GET', `${shipsPath}?${query}`)

  test.each([
    ['set=sel,size=big', ['sel-a']],
    ['set=sel,size!=big', ['sel-b', 'sel-c']],
    ['set==sel,size in (big, small)', ['sel-a', 'sel-b']],
    ['set=sel,size notin (big,small)', ['sel-c']],
    ['set=sel,size', ['sel-a', 'sel-b']],
    ['set=sel,!size', ['sel-c']],
  ])('select by labels: %s', async (selector, names) => {
    const sizes: Record<string, Record<string, string>> = { a: { size: 'big' }, b: { size: 'small' }, c: {} }
    for (const [name, labels] of Object.entries(sizes)) {
      await ships.call('POST', shipsPath, { body: labelled(`sel-${name}`, { set: 'sel', ...labels }) })
    }
    expect(namesOf((await list(`labelSelector=${encodeURIComponent(selector)}`)).body)).toEqual(names)
  })

  test('refuse a label selector that nobody can read', async () => {
    const { status, body } = await list(`labelSelector=${encodeURIComponent('a=b=c')}`)
    expect({ status, reason: body.reason }).toEqual({ status: 400, reason: 'BadRequest' })
  })

  test.each([
    ['metadata.name=field-a', ['field-a']],
    ['metadata.name!=field-a,metadata.namespace=default', ['field-b']],
  ])('select by fields: %s', async (selector, names) => {
    for (const name of ['field-a', 'field-b']) {
      await ships.call('POST', shipsPath, { body: labelled(name, { set: 'field' }) })
    }
    const query = `labelSelector=set%3Dfield&fieldSelector=${encodeURIComponent(selector)}`
    expect(namesOf((await list(query)).body)).toEqual(names)
  })

  test('come in pages that are one moment, whatever is written meanwhile', async () => {
    for (const name of ['moment-a', 'moment-b', 'moment-c']) {
      await ships.call('POST', shipsPath, { body: labelled(name, { set: 'moment' }) })
    }
    const first = (await list('labelSelector=set%3Dmoment&limit=1')).body
    expect(namesOf(first)).toEqual(['moment-a'])
    await ships.call('POST', shipsPath, { body: labelled('moment-d', { set: 'moment' }) })
    await ships.call('DELETE', `${shipsPath}/moment-c`)
    const token = encodeURIComponent(textAt(first, 'metadata', 'continue'))
    const rest = (await list(`labelSelector=set%3Dmoment&limit=9&continue=${token}`)).body
    expect(namesOf(rest)).toEqual(['moment-b', 'moment-c'])
    expect(valueAt(rest, 'metadata', 'resourceVersion')).toBe(valueAt(first, 'metadata', 'resourceVersion'))
    expect(valueAt(rest, 'metadata', 'continue') ?? '').toBe('')
  })

  test('say how many objects remain only without a selector', async () => {
    for (const name of ['remain-a', 'remain-b']) await ships.call('POST', shipsPath, { body: ship(name) })
    const whole = namesOf((await list('')).body).length
    expect(valueAt((await list('limit=1')).body, 'metadata', 'remainingItemCount')).toBe(whole - 1)
    const selected = await list('limit=1&labelSelector=%21nothing')
    expect(valueAt(selected.body, 'metadata')).not.toHaveProperty('remainingItemCount')
  })

  test('are of a version that there is', async () => {
    expect(await list('resourceVersion=soon')).toMatchObject({ status: 400, body: { reason: 'BadRequest' } })
    const { status, body } = await list('resourceVersion=99999')
    expect({ status, body }).toMatchObject({
      status: 504,
      body: {
        reason: 'Timeout',
        message: expect.stringMatching(/^Timeout: Too large resource version: 99999, current: \d+$/),
      },
    })
  })

  test('refuse a continue token that is none', async () => {
    const { status, body } = await list('limit=1&continue=nonsense')
    expect({ status, message: body.message }).toEqual({
      status: 400,
      message: expect.stringContaining('continue key is not valid'),
    })
  })

  test('tell metadata alone to those who ask for it', async () => {
    await ships.call('POST', shipsPath, { body: labelled('meta', { set: 'meta' }) })
    const headers = { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' }
    const { body } = await ships.call('GET', `${shipsPath}?labelSelector=set%3Dmeta`, { headers })
    expect(body).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' })
    expect(listAt(body, 'items')[0]).not.toHaveProperty('spec')
  })

  test('are deleted as a whole, or as far as they are selected', async () => {
    for (const name of ['many-a', 'many-b', 'many-c']) {
      await ships.call('POST', shipsPath, {
        body: labelled(name, { set: 'many', last: String(name === 'many-c') }),
      })
    }
    const deleted = await ships.call('DELETE', `${shipsPath}?labelSelector=set%3Dmany%2Clast%3Dfalse`)
    expect(deleted).toMatchObject({ status: 200, body: { kind: 'ShipList' } })
    expect(namesOf(deleted.body)).toEqual(['many-a', 'many-b'])
    expect(namesOf((await list('labelSelector=set%3Dmany')).body)).toEqual(['many-c'])
  })
})

describeContract('dry runs, names and versions', ships => {
  test('a dry run answers as if it were done, and does nothing', async () => {
    const created = await ships.call('POST', `${shipsPath}?dryRun=All`, { body: ship('dry') })
    expect(created).toMatchObject({ status: 201, body: { metadata: { name: 'dry', generation: 1 } } })
    expect((await ships.call('GET', `${shipsPath}/dry`)).status).toBe(404)
    await ships.call('POST', shipsPath, { body: ship('wet') })
    expect((await ships.merge(`${shipsPath}/wet?dryRun=All`, { spec: { size: 9 } })).body).toMatchObject({
      spec: { size: 9 },
    })
    expect((await ships.call('DELETE', `${shipsPath}/wet?dryRun=All`)).status).toBe(200)
    expect((await ships.call('GET', `${shipsPath}/wet`)).body).toMatchObject({ spec: { size: 3 } })
  })

  test('a dry run of another kind is refused', async () => {
    const { status, body } = await ships.call('POST', `${shipsPath}?dryRun=Some`, { body: ship('odd') })
    expect({ status, message: body.message }).toMatchObject({
      status: 422,
      message: expect.stringContaining(
        'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]',
      ),
    })
  })

  test('a name is made up where one is asked for', async () => {
    const { body } = await ships.call('POST', shipsPath, {
      body: { ...ship(''), metadata: { generateName: 'made-up-' } },
    })
    expect(textAt(body, 'metadata', 'name')).toMatch(/^made-up-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    expect(textAt(body, 'metadata', 'generateName')).toBe('made-up-')
  })

  test('an object without any name is refused', async () => {
    const { status, body } = await ships.call('POST', shipsPath, { body: { ...ship(''), metadata: {} } })
    expect({ status, message: body.message }).toMatchObject({
      status: 422,
      message: expect.stringContaining('name or generateName is required'),
    })
  })

  test('a created object has no version of its own, and keeps no status of deletion', async () => {
    const body = { ...ship('versioned'), metadata: { name: 'versioned', resourceVersion: '7' } }
    const refused = await ships.call('POST', shipsPath, { body })
    expect(refused).toMatchObject({ status: expect.toBeOneOf([400, 500]) })
    expect(refused.body.message).toContain('resourceVersion should not be set on objects to be created')
  })

  test('an update with the uid of another object is refused', async () => {
    const { body } = await ships.call('POST', shipsPath, { body: ship('uid') })
    const other = { ...body, metadata: { ...(body.metadata as object), uid: 'other' } }
    const refused = await ships.call('PUT', `${shipsPath}/uid`, { body: other })
    expect(refused).toMatchObject({ status: 409, body: { reason: 'Conflict' } })
    expect(refused.body.message).toContain(
      'Precondition failed: UID in precondition: other, UID in object meta: ',
    )
  })

  test('a deletion may mean one version', async () => {
    const { body } = await ships.call('POST', shipsPath, { body: ship('one-version') })
    const preconditions = { resourceVersion: textAt(body, 'metadata', 'resourceVersion') }
    await ships.merge(`${shipsPath}/one-version`, { spec: { size: 5 } })
    const refused = await ships.call('DELETE', `${shipsPath}/one-version`, { body: { preconditions } })
    expect(refused).toMatchObject({ status: 409, body: { reason: 'Conflict' } })
    expect(refused.body.message).toContain('does not match the ResourceVersion in record')
  })

  test('a merge patch with a stale version is in conflict, one without is not', async () => {
    const { body } = await ships.call('POST', shipsPath, { body: ship('patched') })
    const resourceVersion = textAt(body, 'metadata', 'resourceVersion')
    expect((await ships.merge(`${shipsPath}/patched`, { spec: { size: 5 } })).status).toBe(200)
    const stale = await ships.merge(`${shipsPath}/patched`, {
      metadata: { resourceVersion },
      spec: { size: 6 },
    })
    expect(stale).toMatchObject({ status: 409, body: { reason: 'Conflict' } })
  })

  test('an object that does not exist is not patched, updated or deleted', async () => {
    const path = `${shipsPath}/nobody`
    expect((await ships.merge(path, { spec: {} })).status).toBe(404)
    expect((await ships.call('DELETE', path)).status).toBe(404)
    const body = { ...ship('nobody'), metadata: { name: 'nobody', resourceVersion: '1' } }
    expect((await ships.call('PUT', path, { body })).status).toBe(404)
  })

  test('a write without a name is refused', async () => {
    for (const method of ['PUT', 'PATCH']) {
      const type = method === 'PUT' ? 'application/json' : patchTypes.merge
      const { status, body } = await ships.call(method, shipsPath, { body: ship('nobody'), type })
      expect({ status, message: body.message }).toEqual({ status: 400, message: 'name must be provided' })
    }
  })

  test('a foreground deletion is remembered until dependents are gone', async () => {
    await ships.call('POST', shipsPath, { body: ship('foreground') })
    const body = { propagationPolicy: 'Foreground' }
    const deleted = await ships.call('DELETE', `${shipsPath}/foreground`, { body })
    expect(deleted.body).toMatchObject({ metadata: { finalizers: ['foregroundDeletion'] } })
  })

  test('an odd propagation is refused', async () => {
    await ships.call('POST', shipsPath, { body: ship('odd-propagation') })
    const refused = await ships.call('DELETE', `${shipsPath}/odd-propagation`, {
      body: { propagationPolicy: 'Sideways' },
    })
    expect(refused.status).toBe(422)
    expect(refused.body.message).toContain('propagationPolicy: Unsupported value: "Sideways"')
  })
})
