import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { Tokens, User } from '../api-server.ts'
import { StatusError } from '../status-error.ts'

export const masters = 'system:masters'
export const authenticated = 'system:authenticated'

/** Who a request comes from: its bearer token or else its client certificate. Throws 401. */
export function authenticate(request: IncomingMessage, tokens: Tokens): User {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const user =
    token === undefined ? userOfCertificate(request.socket as TLSSocket) : userOfToken(token, tokens)
  if (!user) throw new StatusError(401, 'Unauthorized', 'Unauthorized')
  return { name: user.name, groups: [...new Set([...user.groups, authenticated])] }
}

/** Whom a token stands for; undefined for one that is unknown or no longer good. */
export function userOfToken(token: string, tokens: Tokens): User | undefined {
  const user = tokens.get(token)
  if (user?.isGood?.() !== false) return user
  return undefined
}

function userOfCertificate(socket: TLSSocket): User | undefined {
  const subject: unknown = socket.authorized ? socket.getPeerCertificate().subject : undefined
  if (typeof subject !== 'object' || subject === null || !('CN' in subject)) return undefined
  const organisations = 'O' in subject ? subject.O : []
  // Node gives one organisation as text, several as a list.
  return { name: String(subject.CN), groups: [organisations].flat().map(String) }
}

/** The user that the `Impersonate-*` headers name, undefined without them. */
export function impersonated({ headers }: IncomingMessage): User | undefined {
  const name = headers['impersonate-user']
  if (typeof name !== 'string') return undefined
  const groups = [headers['impersonate-group'] ?? []]
    .flat()
    .flatMap(group => group.split(',').map(text => text.trim()))
  return { name, groups: [...new Set([...groups, authenticated])] }
}
