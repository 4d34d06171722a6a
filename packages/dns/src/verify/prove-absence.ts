import { resolveNs } from 'node:dns/promises'
import { errorCode } from '@meridian/aws'
import { messageOf } from '@meridian/runner'
import { ancestorsOf } from '../zone/name.ts'
import { askNameServers, type ServerAnswers } from './ask-name-servers.ts'
import type { NameServer } from './parse-name-server.ts'

/** `why` completes "it is not proven to be gone: …". */
export type Absence = { readonly absent: true } | { readonly absent: false; readonly why: string }

const dnsPort = 53
/** No client subnet: what does not exist does not exist anywhere. */
const anywhere = '0.0.0.0/0'

/**
 * Whether a name is gone by the word of the name servers of its own zone (found through the machine's resolver, or the
 * given ones). Only NXDOMAIN with authority proves it, of all servers that answer and of one at least: a silent server, a
 * resolver's word and an answer without records prove nothing. Rejects only when `signal` is aborted.
 */
export async function proveAbsence(
  signal: AbortSignal,
  fqdn: string,
  servers?: readonly NameServer[],
): Promise<Absence> {
  try {
    const authorities = servers ?? (await findNameServers(fqdn))
    return judgeAbsence(await askNameServers(signal, authorities, { fqdn, type: 'A' }, [anywhere]))
  } catch (error) {
    signal.throwIfAborted()
    return { absent: false, why: messageOf(error) }
  }
}

/** Pure. */
function judgeAbsence(heard: readonly ServerAnswers[]): Absence {
  const answers = heard.flatMap(one =>
    'answers' in one ? [...one.answers.values()].map(answer => ({ server: one.server, answer })) : [],
  )
  const other = answers.find(({ answer }) => answer.absent !== true)
  if (other !== undefined) {
    const { server, answer } = other
    return { absent: false, why: `${server} ${answer.problem ?? `answered ${answer.records.join(', ')}`}` }
  }
  if (answers.length > 0) return { absent: true }
  const silent = heard.map(one => ('unreachable' in one ? `${one.server} ${one.unreachable}` : one.server))
  return { absent: false, why: `no name server of its zone could be asked: ${silent.join('; ')}` }
}

/** The name servers of the zone that a name lies in. */
async function findNameServers(fqdn: string): Promise<NameServer[]> {
  for (const zone of ancestorsOf(fqdn).slice(1)) {
    const hosts = await resolveNs(zone).catch((error: unknown) => {
      // Most names are no zone: they have no name servers of their own.
      if (['ENODATA', 'ENOTFOUND'].includes(errorCode(error))) return []
      throw error
    })
    if (hosts.length > 0) return hosts.map(host => ({ host, port: dnsPort }))
  }
  throw new Error(`the name servers of ${fqdn} could not be found`)
}
