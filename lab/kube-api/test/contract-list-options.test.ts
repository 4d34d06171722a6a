import { type Fields, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { beforeAll, expect, test } from 'vitest'
import { describeContract, ship, shipsPath } from './contract.ts'

const namesOf = (body: Fields) => listAt(body, 'items').map(item => textAt(item, 'metadata', 'name'))
const versionOf = (body: Fields) => textAt(body, 'metadata', 'resourceVersion')
const ofOptions = 'ListOptions.meta.k8s.io "" is invalid: '
const badPrefix =
  "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

// What Kubernetes itself answers is the measure: the simulator and the genuine server pass the same tests.
describeContract('options of lists', ships => {
  const list = (query: string) => ships.call('GET', `${shipsPath}?${query}`)
  beforeAll(async () => {
    for (const name of ['a', 'b', 'c']) await ships.call('POST', shipsPath, { body: ship(name) })
  })

  test('a limit is of no account where anything will do', async () => {
    const { body } = await list('limit=1&resourceVersion=0')
    expect(namesOf(body)).toEqual(['a', 'b', 'c'])
    expect(textAt(body, 'metadata', 'continue')).toBe('')
  })

  test('the exact version is the moment that is listed', async () => {
    const then = versionOf((await list('')).body)
    await ships.call('POST', shipsPath, { body: ship('later') })
    const { body } = await list(`resourceVersion=${then}&resourceVersionMatch=Exact`)
    expect([namesOf(body), versionOf(body)]).toEqual([['a', 'b', 'c'], then])
    expect(namesOf((await list(`resourceVersion=${then}&resourceVersionMatch=NotOlderThan`)).body)).toContain(
      'later',
    )
    expect(namesOf((await list(`resourceVersion=${then}`)).body)).toContain('later')
    const { body: page } = await list(`resourceVersion=${then}&limit=2`)
    expect([namesOf(page), versionOf(page)]).toEqual([['a', 'b'], then])
    await ships.call('DELETE', `${shipsPath}/later`)
  })

  test.each([
    ['limit=x', 'strconv.ParseInt: parsing "x": invalid syntax'],
    ['limit=', 'strconv.ParseInt: parsing "": invalid syntax'],
    ['timeoutSeconds=abc', 'strconv.ParseInt: parsing "abc": invalid syntax'],
    ['labelSelector=!!', "unable to parse requirement: found '!', expected: identifier"],
    ['labelSelector=a%3D%3D%3Db', "unable to parse requirement: found '=', expected: identifier"],
    ['labelSelector=-bad%2F%3Da', `unable to parse requirement: <nil>: Invalid value: "-bad/": ${badPrefix}`],
    ['labelSelector=a%3D-b', `unable to parse requirement: values[0][a]: Invalid value: "-b"`],
    ['labelSelector=a%20in%20b', "unable to parse requirement: found 'b' expected: '('"],
    ['labelSelector=a%20b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['labelSelector=a%3Db%20c', "found 'c', expected: ',' or 'end of string'"],
    ['labelSelector=a,', "found '', expected: identifier after ','"],
    ['labelSelector=)', "found ')', expected: !, identifier, or 'end of string'"],
    ['fieldSelector=spec.size%3D3', 'field label not supported: spec.size'],
    ['fieldSelector=metadata.uid%3Dx', 'field label not supported: metadata.uid'],
    ['fieldSelector=metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ['fieldSelector=metadata.name%3Da%3Db', 'invalid field selector: unescaped character in value: 61'],
    ['continue=nonsense', 'continue key is not valid: '],
  ])('%s cannot be read', async (query, problem) => {
    const { status, body } = await list(query)
    expect([status, body.reason, textAt(body, 'message').includes(problem) || body.message]).toEqual([
      400,
      'BadRequest',
      true,
    ])
  })

  test.each([
    ['a>1', ['sized-2', 'sized-3']],
    ['a<2', ['sized-1']],
    ['a in (1,,3)', ['sized-1', 'sized-3']],
    ['a in ()', []],
    ['a=', []],
    ['a notin (1),in', []],
  ])('labels are selected by %s', async (selector, names) => {
    for (const size of ['1', '2', '3']) {
      const object = ship(`sized-${size}`)
      await ships.call('POST', shipsPath, {
        body: { ...object, metadata: { ...object.metadata, labels: { a: size } } },
      })
    }
    expect(namesOf((await list(`labelSelector=${encodeURIComponent(selector)}`)).body)).toEqual(names)
  })

  test.each([
    [
      'resourceVersion=0&resourceVersionMatch=Exact',
      'resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ],
    [
      'resourceVersion=1&resourceVersionMatch=Foo',
      'resourceVersionMatch: Unsupported value: "Foo": supported values: "Exact", "NotOlderThan", ""',
    ],
    [
      'resourceVersionMatch=Exact',
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ],
    ['sendInitialEvents=true', 'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list'],
    [
      'watch=true&resourceVersionMatch=NotOlderThan',
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    ],
    [
      'watch=true&sendInitialEvents=true&resourceVersionMatch=Exact',
      '[resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"]',
    ],
  ])('%s is invalid', async (query, problem) => {
    const { status, body } = await list(query)
    expect([status, body.reason, body.message]).toEqual([422, 'Invalid', ofOptions + problem])
    expect((await ships.call('DELETE', `${shipsPath}?${query}`)).status).toBe(422)
    expect(namesOf((await list('')).body)).toContain('a')
  })

  test('a field of a kind of the server itself is selected by name only', async () => {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?fieldSelector=spec.group%3Dx'
    expect((await ships.call('GET', path)).body).toMatchObject({
      code: 400,
      message: '"spec.group" is not a known field selector: only "metadata.name", "metadata.namespace"',
    })
  })

  test('a token and a version exclude each other', async () => {
    const token = encodeURIComponent(textAt((await list('limit=1')).body, 'metadata', 'continue'))
    const refused = await list(`continue=${token}&resourceVersion=5`)
    expect(refused.body).toMatchObject({
      code: 400,
      message: 'specifying resource version is not allowed when using continue',
    })
    expect((await list(`continue=${token}&resourceVersion=0`)).status).toBe(200)
    const matched = await list(`continue=${token}&resourceVersion=5&resourceVersionMatch=Exact`)
    expect(matched.body.message).toBe(
      `${ofOptions}resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided`,
    )
  })

  test('a page that comes after a deletion still lists what is gone', async () => {
    for (const name of ['page-a', 'page-b']) await ships.call('POST', shipsPath, { body: ship(name) })
    const first = (await list('limit=1')).body
    await ships.call('DELETE', `${shipsPath}/page-b`)
    const token = encodeURIComponent(textAt(first, 'metadata', 'continue'))
    expect(namesOf((await list(`continue=${token}`)).body)).toContain('page-b')
  })

  test('one object is of a version that there is', async () => {
    const future = await ships.call('GET', `${shipsPath}/a?resourceVersion=99999`)
    expect([future.status, future.headers['retry-after']]).toEqual([504, '1'])
    expect(future.body).toMatchObject({
      reason: 'Timeout',
      message: expect.stringMatching(/^Timeout: Too large resource version: 99999, current: \d+$/),
      details: {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
    })
    expect((await ships.call('GET', `${shipsPath}/a?resourceVersion=0`)).status).toBe(200)
    expect(valueAt((await ships.call('GET', `${shipsPath}/a?resourceVersion=soon`)).body, 'code')).toBe(500)
  })
})
