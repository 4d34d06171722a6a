import type { User } from '../api-server.ts'
import { type Fields, isFields, textAt, timestamp, valueAt } from '../objects.ts'
import type { Store } from '../store.ts'
import { isAllowed } from './authorize.ts'
import type { Reply } from './call.ts'

type Review = (user: User, body: unknown, store: Store) => Fields

const reviews: Record<string, Review> = {
  '/apis/authentication.k8s.io/v1/selfsubjectreviews': user => ({
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
    status: { userInfo: { username: user.name, groups: user.groups } },
  }),
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews': (user, body, store) => ({
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    spec: valueAt(body, 'spec'),
    status: { allowed: mayDo(user, valueAt(body, 'spec'), store) },
  }),
}

export function isReview(path: string): boolean {
  return path in reviews
}

/** Answers what a user asks about itself: who it is (`kubectl auth whoami`), what it may do (`kubectl auth can-i`). */
export function serveReview(path: string, user: User, body: unknown, store: Store): Reply {
  const review = reviews[path]?.(user, body, store) ?? {}
  return { code: 201, body: { ...review, metadata: { creationTimestamp: timestamp(store.now()) } } }
}

function mayDo(user: User, spec: unknown, store: Store): boolean {
  const page = valueAt(spec, 'nonResourceAttributes')
  if (isFields(page))
    return isAllowed(user, { verb: textAt(page, 'verb'), path: textAt(page, 'path') }, store)
  const wanted = valueAt(spec, 'resourceAttributes')
  const [verb = '', group, resource, subresource, namespace, name] = [
    'verb',
    'group',
    'resource',
    'subresource',
    'namespace',
    'name',
  ].map(field => textAt(wanted, field))
  return isAllowed(user, { verb, group, resource, subresource, namespace, name }, store)
}
