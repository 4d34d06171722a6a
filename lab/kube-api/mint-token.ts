import { randomBytes } from 'node:crypto'

/**
 * A token of a service account. Shaped like the signed ones of Kubernetes, because tools decode them; the signature is
 * random, as only the server that remembers the token verifies it.
 */
export function mintToken(claims: Readonly<Record<string, unknown>>): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signature = randomBytes(64).toString('base64url')
  return `${encode({ alg: 'ES256', typ: 'JWT' })}.${encode(claims)}.${signature}`
}

/** Whom a token of a service account stands for. */
export function serviceAccountUser(namespace: string, name: string): { name: string; groups: string[] } {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  }
}
