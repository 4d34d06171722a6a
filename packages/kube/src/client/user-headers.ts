import { readFile } from 'node:fs/promises'
import type { OutgoingHttpHeaders } from 'node:http'
import type { Kubeconfig, UserEntry } from '../kubeconfig/kubeconfig.ts'

/**
 * The headers in which a request says who sends it, beside a certificate or token of the kubeconfig itself: the token of a file,
 * which may be another by the next request, and whom the user acts for. Of these the client library knows `as` alone.
 */
export async function userHeaders({ users }: Kubeconfig): Promise<OutgoingHttpHeaders> {
  const { tokenFile, ...user } = users[0]?.user ?? {}
  return {
    ...(tokenFile && { Authorization: `Bearer ${(await readFile(tokenFile, 'utf8')).trim()}` }),
    ...impersonation(user),
  }
}

/** As client-go sends them: a name that no header can have is percent-encoded, and each value has a header of its own. */
function impersonation(user: UserEntry): OutgoingHttpHeaders {
  const extra = Object.entries(user['as-user-extra'] ?? {}).map(([key, values]) => [
    `Impersonate-Extra-${encodeURIComponent(key).replace(/[()]/g, sign => `%${sign.charCodeAt(0).toString(16)}`)}`,
    values,
  ])
  return {
    ...(user.as && { 'Impersonate-User': user.as }),
    ...(user['as-uid'] && { 'Impersonate-Uid': user['as-uid'] }),
    ...(user['as-groups'] && { 'Impersonate-Group': user['as-groups'] }),
    ...Object.fromEntries(extra),
  }
}
