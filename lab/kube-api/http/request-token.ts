import { randomUUID } from 'node:crypto'
import { fieldsAt, listAt, numberAt } from '@meridian/lab-world/json'
import { mintToken, serviceAccountUser } from '../mint-token.ts'
import { timestamp } from '../objects.ts'
import { invalidValue, refuse } from '../status-error.ts'
import type { Reply, ResourceCall } from './call.ts'
import { findObject } from './read.ts'
import { readBody } from './read-body.ts'

const ownAudience = 'https://kubernetes.default.svc'
const usualSeconds = 3600
const shortestSeconds = 600
const longestSeconds = 2 ** 32
const subject = { group: 'authentication.k8s.io', kind: 'TokenRequest', plural: 'tokenrequests' }

/**
 * Answers a TokenRequest: a token for the service account, good until it expires or the account goes. One for other
 * audiences is none that this server takes. Throws 422 for a lifetime out of bounds.
 */
export async function requestToken(call: ResourceCall): Promise<Reply> {
  const { store, tokens, options } = call
  const { metadata } = findObject(call)
  const { name, namespace = '', uid } = metadata
  const body = await readBody(call.request)
  const { boundObjectRef, ...given } = fieldsAt(body, 'spec')
  const seconds = given.expirationSeconds === undefined ? usualSeconds : numberAt(given, 'expirationSeconds')
  refuse(subject, '', checkLifetime(seconds))
  const asked = listAt(given, 'audiences')
  const audiences = asked.length > 0 ? asked : [ownAudience]
  const [begins, ends] = [store.now(), store.now() + seconds * 1000]
  const token = mintToken({
    aud: audiences,
    exp: Math.floor(ends / 1000),
    iat: Math.floor(begins / 1000),
    iss: ownAudience,
    jti: randomUUID(),
    'kubernetes.io': { namespace, serviceaccount: { name, uid } },
    nbf: Math.floor(begins / 1000),
    sub: serviceAccountUser(namespace, name).name,
  })
  options.world.secrets?.add(`Token of ServiceAccount ${namespace}/${name} in ${options.name}`, token)
  if (audiences.includes(ownAudience)) {
    const isGood = () =>
      store.now() < ends && store.get('ServiceAccount', namespace, name)?.metadata.uid === uid
    tokens.set(token, { ...serviceAccountUser(namespace, name), isGood })
  }
  const status = { token, expirationTimestamp: timestamp(ends) }
  const spec = { audiences, expirationSeconds: seconds, boundObjectRef: boundObjectRef ?? null }
  const described = { name, namespace, creationTimestamp: timestamp(begins) }
  return {
    code: 201,
    body: { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', metadata: described, spec, status },
  }
}

function checkLifetime(seconds: number) {
  const field = 'spec.expirationSeconds'
  if (seconds < shortestSeconds)
    return [invalidValue(field, seconds, 'may not specify a duration less than 10 minutes')]
  if (seconds > longestSeconds)
    return [invalidValue(field, seconds, 'may not specify a duration larger than 2^32 seconds')]
  return []
}
