import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../read-request.ts'
import { type GithubWorld, openGithubWorld } from './github-world.ts'

let lab: GithubWorld
beforeAll(async () => {
  lab = await openGithubWorld(1_000_000)
})
afterAll(() => lab.close())

let count = 0
/** A repository with a pull request, and a way to ask for it with the permissions of a token. */
function prepare(permissions: Record<string, 'read' | 'write'> = everything) {
  count += 1
  const name = `acme/shop-${count}`
  const repository = lab.github.addRepository(name, 9000 + count)
  const token = lab.github.addToken(name, permissions)
  const ask = async (method: string, path: string, more: { body?: unknown; headers?: object } = {}) => {
    const { body, headers } = more
    const answer = await fetch(`${lab.githubApi}/repos/${name}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'user-agent': 'somebody', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    return {
      status: answer.status,
      headers: answer.headers,
      body: text === '' ? undefined : JSON.parse(text),
    }
  }
  return { name, repository, number: repository.openPull(), ask }
}
const everything = {
  ...({ actions: 'read', contents: 'read', deployments: 'write', 'pull-requests': 'write' } as const),
}
const blank = { auto_merge: false, required_contexts: [] }

describe('what is answered has every field of the documented schema', () => {
  test.each(['issues/create-comment', 'pulls/get', 'repos/create-deployment'] as const)('%s', async name => {
    const { ask, repository, number } = prepare()
    const { branch } = repository.pull(number)
    const asked = {
      'issues/create-comment': ask('POST', `/issues/${number}/comments`, { body: { body: 'hello' } }),
      'pulls/get': ask('GET', `/pulls/${number}`),
      'repos/create-deployment': ask('POST', '/deployments', { body: { ref: branch, ...blank } }),
    }
    const { status, body } = await asked[name]
    expect(status).toBe(operations[name].status)
    expect(Object.keys(body)).toEqual(expect.arrayContaining([...operations[name].fields]))
  })

  test('repos/list-activities, the newest first', async () => {
    const { ask, repository, number } = prepare()
    const head = repository.push(number, { force: true })
    const { body } = await ask('GET', `/activity?ref=${repository.pull(number).branch}`)
    expect(body.map((each: { activity_type: string }) => each.activity_type)).toEqual([
      'force_push',
      'branch_creation',
    ])
    expect(body[0]).toMatchObject({ after: head, ref: 'refs/heads/change-1' })
    expect(Object.keys(body[0])).toEqual(
      expect.arrayContaining([...operations['repos/list-activities'].fields]),
    )
  })
})

describe('who may', () => {
  test('401 without a token, and with one that nobody has given out', async () => {
    const { name } = prepare()
    const ask = (headers: Record<string, string>) =>
      fetch(`${lab.githubApi}/repos/${name}/pulls/1`, { headers: { 'user-agent': 'x', ...headers } })
    expect((await ask({})).status).toBe(401)
    expect((await ask({ authorization: 'Bearer ghs_no' })).status).toBe(401)
  })

  test('403 with the permission that is missing, as GitHub names it', async () => {
    const { ask } = prepare({ 'pull-requests': 'read' })
    const { status, headers, body } = await ask('POST', '/issues/1/comments', { body: { body: 'hello' } })
    expect(status).toBe(403)
    expect(body.message).toBe('Resource not accessible by integration')
    expect(headers.get('x-accepted-github-permissions')).toBe('issues=write; pull_requests=write')
  })

  test('an environment is deleted by an administrator alone', async () => {
    const { ask, repository } = prepare()
    await ask('POST', '/deployments', {
      body: { ref: repository.pull(1).head, environment: 'pr-1', ...blank },
    })
    expect((await ask('DELETE', '/environments/pr-1')).status).toBe(403)
    expect((await ask('GET', '/environments')).body).toMatchObject({ total_count: 1 })
  })

  test('404 in the repository of others', async () => {
    const { ask } = prepare()
    const other = lab.github.addRepository('other/private', 1)
    other.openPull()
    const { status } = await ask('GET', '/../../other/private/pulls/1')
    expect(status).toBe(404)
  })

  test('roles are told by the names of old, too', async () => {
    const { ask, repository } = prepare()
    repository.addCollaborator('tri', 'triage')
    const levels = await Promise.all(
      ['ann', 'tri', 'nobody'].map(
        async login => (await ask('GET', `/collaborators/${login}/permission`)).body,
      ),
    )
    expect(levels.map(({ permission, role_name }) => [permission, role_name])).toEqual([
      ['write', 'write'],
      ['read', 'triage'],
      ['none', 'none'],
    ])
  })
})

describe('what is refused', () => {
  const cases: [
    what: string,
    method: string,
    path: string,
    body: unknown,
    status: number,
    message: string,
  ][] = [
    ['a body that is no JSON', 'POST', '/issues/1/comments', '{', 400, 'Problems parsing JSON'],
    ['a list for a body', 'POST', '/issues/1/comments', [], 400, 'Body should be a JSON object'],
    ['no body of a comment', 'POST', '/issues/1/comments', {}, 422, '"body" wasn\'t supplied.'],
    ['another type', 'POST', '/issues/1/comments', { body: 7 }, 422, 'is not a string'],
    ['an empty comment', 'POST', '/issues/1/comments', { body: ' ' }, 422, 'Validation Failed'],
    [
      'one that is too long',
      'POST',
      '/issues/1/comments',
      { body: 'x'.repeat(65_537) },
      422,
      'Validation Failed',
    ],
    [
      'a field that is not known',
      'POST',
      '/deployments',
      { ref: 'change-1', autoMerge: false },
      422,
      'autoMerge',
    ],
    [
      'a commit that is not there',
      'POST',
      '/deployments',
      { ref: 'nope', ...blank },
      422,
      'No ref found for: nope',
    ],
    ['merging what is behind', 'POST', '/deployments', { ref: 'change-1' }, 409, 'Conflict merging'],
    [
      'a run that waits for itself',
      'POST',
      '/deployments',
      { ref: 'change-1', auto_merge: false },
      409,
      'status checks',
    ],
    ['a pull request that is not there', 'GET', '/pulls/99', undefined, 404, 'Not Found'],
  ]
  test.each(cases)('%s', async (_what, method, path, body, status, message) => {
    const { ask } = prepare()
    const answer = await ask(method, path, body === undefined ? {} : { body })
    expect(answer.status).toBe(status)
    expect(answer.body.message).toContain(message)
  })

  test('a version of the API that GitHub does not serve', async () => {
    const { ask } = prepare()
    const headers = { 'x-github-api-version': '2021-01-01' }
    expect((await ask('GET', '/pulls/1', { headers })).status).toBe(400)
  })

  test('comments on what is locked', async () => {
    const { ask, repository } = prepare()
    repository.lock(1)
    expect((await ask('POST', '/issues/1/comments', { body: { body: 'x' } })).body.message).toContain(
      'locked',
    )
  })

  test('a status with a description of more than 140 characters, or a URL of no web page', async () => {
    const { ask, repository } = prepare()
    const { body } = await ask('POST', '/deployments', { body: { ref: repository.pull(1).head, ...blank } })
    const status = (more: object) =>
      ask('POST', `/deployments/${body.id}/statuses`, { body: { state: 'success', ...more } })
    expect((await status({ description: 'x'.repeat(141) })).status).toBe(422)
    expect((await status({ environment_url: 'shop.example.com' })).status).toBe(422)
    expect((await status({ environment_url: 'http://shop.example.com' })).status).toBe(201)
  })
})

test('a success ends earlier deployments, but no transient ones', async () => {
  const { ask, repository } = prepare()
  const deploy = async (transient: boolean) => {
    const ref = repository.pull(1).head
    const body = { ref, environment: 'pr-1', transient_environment: transient, ...blank }
    const { id } = (await ask('POST', '/deployments', { body })).body
    await ask('POST', `/deployments/${id}/statuses`, { body: { state: 'success' } })
    return id
  }
  const [lasting, transient] = [await deploy(false), await deploy(true)]
  await deploy(true)
  const states = async (id: number) =>
    (await ask('GET', `/deployments/${id}/statuses`)).body.map((each: { state: string }) => each.state)
  expect(await states(lasting)).toEqual(['inactive', 'inactive', 'success'])
  expect(await states(transient)).toEqual(['success'])
})

test('lists are told page by page, with links', async () => {
  const { ask, repository } = prepare()
  for (let at = 0; at < 5; at += 1) repository.comment(1, `comment ${at}`)
  const { body, headers } = await ask('GET', '/issues/1/comments?per_page=2&page=2')
  expect(body.map((each: { body: string }) => each.body)).toEqual(['comment 2', 'comment 3'])
  expect(headers.get('link')).toContain('page=3>; rel="next"')
  expect(headers.get('link')).toContain('page=1>; rel="prev"')
})

test('what has not changed is not told again', async () => {
  const { ask } = prepare()
  const { headers } = await ask('GET', '/pulls/1')
  const again = await ask('GET', '/pulls/1', { headers: { 'if-none-match': headers.get('etag') ?? '' } })
  expect(again).toMatchObject({ status: 304, body: undefined })
})

test.each([
  ['throttle', 403],
  ['busy', 429],
] as const)('a secondary rate limit says when to come back (%s)', async (failure, status) => {
  const { ask } = prepare()
  const fault = lab.world.faults.requests.plan({ failure, nth: 1, service: 'github' })
  const answer = await ask('GET', '/pulls/1')
  fault.forget()
  expect(answer.status).toBe(status)
  expect(answer.headers.get('retry-after')).toBe('0')
  expect(answer.body.message).toContain('secondary rate limit')
})

describe('what people do starts workflows', () => {
  function follow(name: string) {
    const seen: string[] = []
    const stop = lab.github.onEvent(event => {
      if (event.repository === name)
        seen.push(`${event.name} ${event.payload.action} ${event.rights} ${event.ref}`)
    })
    return { seen, stop }
  }

  test('on the merge of a pull request with its base, and for comments on main', () => {
    const { name, repository, number } = prepare()
    const { seen, stop } = follow(name)
    repository.push(number)
    repository.comment(number, '/up')
    repository.close(number, { merged: true })
    stop()
    expect(seen).toEqual([
      'pull_request synchronize full refs/pull/1/merge',
      'issue_comment created full refs/heads/main',
      'pull_request closed full refs/heads/main',
    ])
  })

  test('not while it has conflicts', () => {
    const { name, repository, number } = prepare()
    repository.setConflicts(number, true)
    const { seen, stop } = follow(name)
    repository.close(number)
    stop()
    expect(seen).toEqual([])
  })

  test('with fewer rights for forks and for Dependabot', () => {
    const { name, repository } = prepare()
    const { seen, stop } = follow(name)
    repository.openPull({ from: 'else/shop' })
    repository.openPull({ author: 'dependabot[bot]' })
    stop()
    expect(seen).toEqual([
      'pull_request opened fork refs/pull/2/merge',
      'pull_request opened no-secrets refs/pull/3/merge',
    ])
  })
})
