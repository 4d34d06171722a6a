import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { ApiServerOptions, Tokens } from '../api-server.ts'
import { StatusError } from '../status-error.ts'
import type { User } from '../user.ts'

type Known = { tokens: Tokens; options: Pick<ApiServerOptions, 'authenticate'> }

export const masters = 'system:masters'
const authenticated = 'system:authenticated'

/** Who a request comes from: its bearer token or else its client certificate. Throws 401. */
export function authenticate(request: IncomingMessage, known: Known): User {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const user =
    token === undefined ? userOfCertificate(request.socket as TLSSocket) : userOfToken(token, known)
  if (!user) throw new StatusError(401, 'Unauthorized', 'Unauthorized')
  return { ...user, groups: [...new Set([...user.groups, authenticated])] }
}

/** Whom a token stands for; undefined for one that is unknown or no longer good. */
export function userOfToken(token: string, { tokens, options }: Known): User | undefined {
  const user = tokens.get(token)
  if (!user) return options.authenticate?.(token)
  return user.isGood?.() === false ? undefined : user
}

const users = new WeakMap<TLSSocket, User | undefined>()

/** Whom the certificate names, which stays the same for a connection. */
function userOfCertificate(socket: TLSSocket): User | undefined {
  if (!users.has(socket)) users.set(socket, readCertificate(socket))
  return users.get(socket)
}

function readCertificate(socket: TLSSocket): User | undefined {
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
