import { describe, expect, test } from 'vitest'
import { mayDoEverything, reviewToken } from '../../src/index.ts'
import { allowsEverything } from '../../src/objects/reviews.ts'

const resources = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }
const pages = { verbs: ['get'], nonResourceURLs: ['*'] }

describe('everything is allowed', () => {
  test.each<[string, boolean, Parameters<typeof allowsEverything>[0]]>([
    ['by a rule of each sort', true, { resourceRules: [resources], nonResourceRules: [pages] }],
    [
      'whatever else there is',
      true,
      {
        resourceRules: [{ verbs: ['create'], apiGroups: [''], resources: ['pods'] }, resources],
        nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['/version', '*'] }],
      },
    ],
    ['but not without pages', false, { resourceRules: [resources], nonResourceRules: [] }],
    [
      'but not with some pages',
      false,
      { resourceRules: [resources], nonResourceRules: [{ ...pages, nonResourceURLs: ['/api/*'] }] },
    ],
    [
      'but not with named things',
      false,
      { resourceRules: [{ ...resources, resourceNames: ['web'] }], nonResourceRules: [pages] },
    ],
    [
      'but not by some verbs',
      false,
      { resourceRules: [{ ...resources, verbs: ['get', 'list'] }], nonResourceRules: [pages] },
    ],
    [
      'but not in one group',
      false,
      { resourceRules: [{ ...resources, apiGroups: ['apps'] }], nonResourceRules: [pages] },
    ],
    ['but not by nothing', false, {}],
  ])('%s', (_, allowed, rules) => {
    expect(allowsEverything(rules)).toBe(allowed)
  })
})

describe('a review', () => {
  const server = 'https://usa.example.com'
  const answering = (answer: unknown) => {
    const asked: unknown[] = []
    const request = async (...call: unknown[]) => {
      asked.push(call)
      return answer as never
    }
    return { server, asked, request }
  }

  test('of a token tells for whom it is taken, and may be asked again', async () => {
    const kube = answering({
      kind: 'TokenReview',
      status: { authenticated: true, user: { username: 'ann' } },
    })
    expect(await reviewToken(kube, 'secret')).toBe('ann')
    expect(kube.asked).toEqual([
      [
        'POST',
        '/apis/authentication.k8s.io/v1/tokenreviews',
        {
          body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: 'secret' } },
          repeatable: true,
        },
      ],
    ])
  })

  test('of a token that is not taken tells nobody, whoever it was for', async () => {
    const refused = { user: { username: 'ann' }, error: 'invalid bearer token' }
    expect(await reviewToken(answering({ kind: 'TokenReview', status: refused }), 'secret')).toBeUndefined()
  })

  test.each<[string, unknown]>([
    ['a page', '<html></html>'],
    ['nothing', ''],
    ['the question', { kind: 'TokenReview', spec: { token: 'secret' } }],
    ['another answer', { kind: 'SelfSubjectReview', status: { authenticated: true } }],
  ])('that is answered with %s proves nothing', async (_, answer) => {
    const foreign = { reason: 'ForeignAnswer' }
    await expect(reviewToken(answering(answer), 'secret')).rejects.toMatchObject(foreign)
    await expect(mayDoEverything(answering(answer))).rejects.toMatchObject(foreign)
  })
})
