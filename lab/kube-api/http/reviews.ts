import { type Fields, fieldsAt, isFields, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { apiVersionOf, type Kind } from '../kind.ts'
import { timestamp } from '../objects.ts'
import { badRequest, invalid, invalidValue } from '../status-error.ts'
import { userOfToken } from './authenticate.ts'
import { type Attributes, authorize, isAllowed, rulesOf } from './authorize.ts'
import { type Call, methodNotAllowed, type Reply } from './call.ts'
import { readBody } from './read-body.ts'

type Asked = { call: Call; review: Review; spec: Fields; namespace: string }

/** A question about users and their rights, which is answered and never stored. */
type Review = {
  group: string
  version: string
  kind: string
  plural: string
  singular: string
  namespaced: boolean
  /** What everybody may ask; other questions need the right to create them. */
  aboutOneself: boolean
  /** The status. */
  answer(asked: Asked): Fields
}

const authorization = { group: 'authorization.k8s.io', version: 'v1' }
const authentication = { group: 'authentication.k8s.io', version: 'v1' }

const aboutOthers = ({ review, spec, call: { store } }: Asked): Fields => {
  const user = { name: textAt(spec, 'user'), groups: listAt(spec, 'groups').map(String) }
  return { allowed: isAllowed(user, readAttributes(review, spec), store) }
}

/** Those that Kubernetes has, in the order of discovery. */
const reviews: readonly Review[] = [
  {
    ...authentication,
    ...named('SelfSubjectReview'),
    aboutOneself: true,
    answer: ({ call: { user } }) => ({ userInfo: { username: user.name, groups: user.groups } }),
  },
  {
    ...authentication,
    ...named('TokenReview'),
    aboutOneself: false,
    answer({ call, spec }) {
      const user = userOfToken(textAt(spec, 'token'), call)
      if (!user) return { authenticated: false, user: {}, error: 'invalid bearer token' }
      return { authenticated: true, user: { username: user.name, groups: user.groups } }
    },
  },
  {
    ...authorization,
    ...named('LocalSubjectAccessReview'),
    namespaced: true,
    aboutOneself: false,
    answer: aboutOthers,
  },
  {
    ...authorization,
    ...named('SelfSubjectAccessReview'),
    aboutOneself: true,
    answer: ({ call: { user, store }, review, spec }) => ({
      allowed: isAllowed(user, readAttributes(review, spec), store),
    }),
  },
  {
    ...authorization,
    ...named('SelfSubjectRulesReview'),
    aboutOneself: true,
    answer({ call: { user, store }, spec }) {
      const namespace = textAt(spec, 'namespace')
      if (namespace === '') throw badRequest('no namespace on request')
      const rules = rulesOf(user, namespace, store)
      const [pages, resources] = [rules.filter(isOfPages), rules.filter(rule => !isOfPages(rule))]
      return {
        resourceRules: resources.map(rule =>
          pick(rule, ['verbs', 'apiGroups', 'resources', 'resourceNames']),
        ),
        nonResourceRules: pages.map(rule => pick(rule, ['verbs', 'nonResourceURLs'])),
        incomplete: false,
      }
    },
  },
  {
    ...authorization,
    ...named('SubjectAccessReview'),
    aboutOneself: false,
    answer: aboutOthers,
  },
]

/** As discovery lists them. */
export const reviewKinds: readonly Kind[] = reviews.map(review => ({
  ...review,
  verbs: ['create'],
  columns: [],
}))

function named(kind: string): Pick<Review, 'kind' | 'plural' | 'singular' | 'namespaced'> {
  const singular = kind.toLowerCase()
  return { kind, plural: `${singular}s`, singular, namespaced: false }
}

/** The review that is asked at a path, with its namespace. */
export function findReview(path: string): { review: Review; namespace: string } | undefined {
  const [, group, version, namespace = '', plural] =
    /^\/apis\/([^/]+)\/([^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)$/.exec(path) ?? []
  const review = reviews.find(
    each => each.plural === plural && each.group === group && each.version === version,
  )
  return review && review.namespaced === (namespace !== '') ? { review, namespace } : undefined
}

/** Answers a review: who somebody is (`kubectl auth whoami`), what somebody may do (`kubectl auth can-i`). */
export async function serveReview(
  call: Call,
  { review, namespace }: { review: Review; namespace: string },
): Promise<Reply> {
  const { request, user, store } = call
  if (request.method !== 'POST') throw methodNotAllowed()
  const { group, plural } = review
  if (!review.aboutOneself)
    authorize(user, { verb: 'create', group, resource: plural, ...(namespace && { namespace }) }, store)
  const body = await readBody(request)
  const spec = fieldsAt(body, 'spec')
  const status = review.answer({ call, review, spec, namespace })
  const creationTimestamp = timestamp(store.now())
  const answer = { kind: review.kind, apiVersion: apiVersionOf(review), metadata: { creationTimestamp } }
  return { code: 201, body: { ...answer, ...(isFields(valueAt(body, 'spec')) && { spec }), status } }
}

function readAttributes(review: Review, spec: Fields): Attributes {
  const { resourceAttributes: wanted, nonResourceAttributes: page } = spec
  if (isFields(wanted) === isFields(page)) {
    const rule = 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
    throw invalid(review, '', [invalidValue('spec.resourceAttributes', wanted ?? null, rule)])
  }
  if (isFields(page)) return { verb: textAt(page, 'verb'), path: textAt(page, 'path') }
  const fields = ['group', 'resource', 'subresource', 'namespace', 'name']
  return {
    verb: textAt(wanted, 'verb'),
    ...Object.fromEntries(fields.map(name => [name, textAt(wanted, name)])),
  }
}

const isOfPages = (rule: unknown) => listAt(rule, 'nonResourceURLs').length > 0

function pick(rule: unknown, names: readonly string[]): Fields {
  return Object.fromEntries(
    names.flatMap(name => (listAt(rule, name).length > 0 ? [[name, listAt(rule, name)]] : [])),
  )
}
