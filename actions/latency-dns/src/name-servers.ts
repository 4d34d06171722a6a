import { type NameServer, parseNameServer, type Route53, readNameServers, type Zone } from '@meridian/dns'
import { type Job, messageOf } from '@meridian/runner'
import type { Inputs } from './inputs.ts'

/** The name servers to ask; none where they cannot be found out, which is told. */
export type FindServers = () => Promise<readonly NameServer[]>

/** Those of the inputs, or the zone's own, which are read once. */
export function nameServersOf(
  job: Job,
  client: Route53,
  { nameServers }: Pick<Inputs, 'nameServers'>,
  zone: Zone,
): FindServers {
  let found: Promise<readonly NameServer[]> | undefined
  return async () => {
    found ??= nameServers ? Promise.resolve(nameServers) : findNameServers(job, client, zone)
    return found
  }
}

async function findNameServers(job: Job, client: Route53, zone: Zone): Promise<NameServer[]> {
  try {
    return (await readNameServers(client, zone)).map(parseNameServer)
  } catch (error) {
    job.signal.throwIfAborted()
    job.log.warning(`The zone's name servers were not asked: ${messageOf(error)}`)
    return []
  }
}
