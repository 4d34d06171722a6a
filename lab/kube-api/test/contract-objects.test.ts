import { listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { expect, test } from 'vitest'
import { describeContract, ship, shipsPath } from './contract.ts'
import { patchTypes } from './test-server.ts'

// What Kubernetes itself answers is the measure: the simulator and the genuine server pass the same tests.
describeContract('custom resources', ships => {
  test('creates, and refuses to create twice', async () => {
    const created = await ships.call('POST', shipsPath, { body: ship('twice') })
    expect(created).toMatchObject({
      status: 201,
      body: { metadata: { generation: 1, namespace: 'default' } },
    })
    expect((await ships.call('POST', shipsPath, { body: ship('twice') })).body).toMatchObject({
      status: 'Failure',
      reason: 'AlreadyExists',
      code: 409,
      message: 'ships.contract.example.com "twice" already exists',
      details: { name: 'twice', group: 'contract.example.com', kind: 'ships' },
    })
  })

  test('says what it does not have', async () => {
    expect((await ships.call('GET', `${shipsPath}/nobody`)).body).toMatchObject({
      reason: 'NotFound',
      code: 404,
      message: 'ships.contract.example.com "nobody" not found',
      details: { name: 'nobody', group: 'contract.example.com', kind: 'ships' },
    })
  })

  test('refuses a bad name', async () => {
    const { body } = await ships.call('POST', shipsPath, { body: ship('Not_Good') })
    expect(body).toMatchObject({ reason: 'Invalid', code: 422 })
    expect(body.message).toBe(
      `Ship.contract.example.com "Not_Good" is invalid: metadata.name: Invalid value: "Not_Good": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    )
    expect(body.details).toMatchObject({ name: 'Not_Good', group: 'contract.example.com', kind: 'Ship' })
  })

  test('refuses a stale update, and one without a version', async () => {
    const { body } = await ships.call('POST', shipsPath, { body: ship('stale') })
    await ships.merge(`${shipsPath}/stale`, { spec: { size: 4 } })
    expect((await ships.call('PUT', `${shipsPath}/stale`, { body })).body).toMatchObject({
      reason: 'Conflict',
      code: 409,
      message:
        'Operation cannot be fulfilled on ships.contract.example.com "stale": the object has been modified; please apply your changes to the latest version and try again',
    })
    const blind = await ships.call('PUT', `${shipsPath}/stale`, { body: ship('stale') })
    expect(blind.status).toBe(422)
    expect(blind.body.message).toContain('metadata.resourceVersion: Invalid value')
    expect(blind.body.message).toContain('must be specified for an update')
  })

  test('counts generations by the spec, and writes nothing when nothing changes', async () => {
    const created = await ships.call('POST', shipsPath, { body: ship('counted') })
    const same = await ships.merge(`${shipsPath}/counted`, { spec: { size: 3 } })
    expect(valueAt(same.body, 'metadata', 'resourceVersion')).toBe(
      valueAt(created.body, 'metadata', 'resourceVersion'),
    )
    const labelled = await ships.merge(`${shipsPath}/counted`, { metadata: { labels: { a: 'b' } } })
    expect(valueAt(labelled.body, 'metadata', 'generation')).toBe(1)
    const grown = await ships.merge(`${shipsPath}/counted`, { spec: { size: 4 } })
    expect(valueAt(grown.body, 'metadata', 'generation')).toBe(2)
  })

  test('keeps the status to its subresource', async () => {
    await ships.call('POST', shipsPath, { body: { ...ship('status'), status: { size: 9 } } })
    expect((await ships.call('GET', `${shipsPath}/status`)).body).not.toHaveProperty('status')
    const written = await ships.merge(`${shipsPath}/status/status`, {
      status: { size: 2 },
      spec: { size: 7 },
    })
    expect(written.body).toMatchObject({
      status: { size: 2 },
      spec: { size: 3 },
      metadata: { generation: 1 },
    })
  })

  test('serves scale', async () => {
    await ships.call('POST', shipsPath, { body: ship('scaled') })
    const { body } = await ships.merge(`${shipsPath}/scaled/scale`, { spec: { replicas: 8 } })
    expect(body).toMatchObject({ kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 8 } })
    expect((await ships.call('GET', `${shipsPath}/scaled`)).body).toMatchObject({ spec: { size: 8 } })
  })

  test('patches by JSON patch, and refuses one that does not fit', async () => {
    await ships.call('POST', shipsPath, { body: ship('patched', { size: 1, tags: ['a'] }) })
    const patch = (body: unknown) =>
      ships.call('PATCH', `${shipsPath}/patched`, { body, type: patchTypes.json })
    const changed = await patch([{ op: 'add', path: '/spec/tags/-', value: 'b' }])
    expect(changed.body).toMatchObject({ spec: { tags: ['a', 'b'] } })
    expect(await patch([{ op: 'test', path: '/spec/size', value: 2 }])).toMatchObject({
      status: 422,
      body: {
        reason: 'Invalid',
        message: expect.stringContaining('the server rejected our request due to an error in our request'),
      },
    })
  })

  test('has no strategic merge patch', async () => {
    await ships.call('POST', shipsPath, { body: ship('strategic') })
    const answer = await ships.call('PATCH', `${shipsPath}/strategic`, {
      body: { spec: { size: 1 } },
      type: patchTypes.strategic,
    })
    expect(answer).toMatchObject({
      status: 415,
      body: {
        reason: 'UnsupportedMediaType',
        message:
          'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      },
    })
  })

  test('holds a deleted object for its finalizers', async () => {
    const held = ship('held')
    await ships.call('POST', shipsPath, {
      body: { ...held, metadata: { ...held.metadata, finalizers: ['example.com/hold'] } },
    })
    const deleted = await ships.call('DELETE', `${shipsPath}/held`)
    expect(deleted).toMatchObject({
      status: 200,
      body: { kind: 'Ship', metadata: { generation: 2, deletionGracePeriodSeconds: 0 } },
    })
    const more = await ships.merge(`${shipsPath}/held`, {
      metadata: { finalizers: ['example.com/hold', 'example.com/more'] },
    })
    expect(more.body.message).toContain(
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/more"}',
    )
    expect((await ships.merge(`${shipsPath}/held`, { metadata: { finalizers: null } })).status).toBe(200)
    expect((await ships.call('GET', `${shipsPath}/held`)).status).toBe(404)
  })

  test('deletes only what the precondition means', async () => {
    const created = await ships.call('POST', shipsPath, { body: ship('meant') })
    const uid = textAt(created.body, 'metadata', 'uid')
    const refused = await ships.call('DELETE', `${shipsPath}/meant`, {
      body: { preconditions: { uid: 'other' } },
    })
    expect(refused.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: `Operation cannot be fulfilled on Ship.contract.example.com "meant": the UID in the precondition (other) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    })
    expect((await ships.call('DELETE', `${shipsPath}/meant`)).body).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'meant', group: 'contract.example.com', kind: 'ships', uid },
    })
  })

  test('lists in pages and by labels', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) {
      const body = ship(name)
      await ships.call('POST', shipsPath, {
        body: { ...body, metadata: { ...body.metadata, labels: { paged: 'yes' } } },
      })
    }
    const first = await ships.call('GET', `${shipsPath}?limit=2&labelSelector=paged%3Dyes`)
    expect(first.body).toMatchObject({ kind: 'ShipList', apiVersion: 'contract.example.com/v1' })
    expect(listAt(first.body, 'items')).toHaveLength(2)
    const token = encodeURIComponent(textAt(first.body, 'metadata', 'continue'))
    const second = await ships.call('GET', `${shipsPath}?limit=2&labelSelector=paged%3Dyes&continue=${token}`)
    expect(second.body.items).toMatchObject([{ kind: 'Ship', metadata: { name: 'page-c' } }])
  })

  test('refuses a field selector it does not know', async () => {
    const { status, body } = await ships.call('GET', `${shipsPath}?fieldSelector=spec.size%3D1`)
    expect({ status, reason: body.reason }).toEqual({ status: 400, reason: 'BadRequest' })
    expect(body.message).toContain('field label not supported: spec.size')
  })

  test('draws tables', async () => {
    await ships.call('POST', shipsPath, { body: ship('drawn', { size: 5 }) })
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }
    const { body } = await ships.call('GET', `${shipsPath}?fieldSelector=metadata.name%3Ddrawn`, { headers })
    expect(body).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' })
    const names = listAt(body, 'columnDefinitions').map(column => [
      textAt(column, 'name'),
      textAt(column, 'type'),
    ])
    expect(names).toEqual([
      ['Name', 'string'],
      ['Size', 'integer'],
    ])
    expect(valueAt(body, 'rows', 0, 'cells')).toEqual(['drawn', 5])
    expect(valueAt(body, 'rows', 0, 'object')).toMatchObject({
      kind: 'PartialObjectMetadata',
      metadata: { name: 'drawn' },
    })
  })

  test('refuses a body for another version, and one for another name', async () => {
    const other = await ships.call('POST', shipsPath, {
      body: { ...ship('other'), apiVersion: 'contract.example.com/v9' },
    })
    expect(other.status).toBe(400)
    expect(other.body.message).toContain(
      'the API version in the data (contract.example.com/v9) does not match',
    )
    await ships.call('POST', shipsPath, { body: ship('named') })
    const renamed = await ships.call('PUT', `${shipsPath}/named`, { body: ship('renamed') })
    expect(renamed.body.message).toBe(
      'the name of the object (renamed) does not match the name on the URL (named)',
    )
  })
})
