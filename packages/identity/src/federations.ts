import { roleArn } from '@meridian/runner'
import { type ClusterDescriptor, completeClusters, type GivenCluster } from './clusters.ts'
import type { Place } from './identity.ts'
import type { Mark } from './mark.ts'
import { alias, domain, eksName, kindName, region } from './parse-names.ts'

/** A TXT record holds 4,000 characters, of which the rest of a mark needs some. */
const longest = 3_000

/** In the place of a state store, before the name of a cluster of EKS, or of kind. */
const eksMark = 'eks:'
const kindMark = 'kind:'

/**
 * The clusters of a federation as the text of a mark, the host first. Those that do not fit are left out: they are only
 * looked into.
 */
export function writeFederation(host: ClusterDescriptor, others: readonly ClusterDescriptor[]): string {
  const write = ({ name, region, fullName, role, ...cluster }: ClusterDescriptor) =>
    [name, region, fullName, madeOf(cluster), ...(role ? [role] : [])].join('|')
  const rest = others.filter(({ fullName }) => fullName !== host.fullName).map(write)
  while ([write(host), ...rest].join(';').length > longest) rest.pop()
  return [write(host), ...rest].join(';')
}

/** Reads it, the host first; throws an Error where it is not there or not whole. */
export function readFederation(
  { federation }: Pick<Mark, 'federation'>,
  place: Place,
): readonly [ClusterDescriptor, ...ClusterDescriptor[]] {
  const [host, ...others] = completeClusters((federation ?? '').split(';').map(readCluster), place)
  if (host === undefined) throw new Error('its claim does not say where its app is')
  return [host, ...others]
}

function madeOf({
  eksName,
  kindName,
  stateStore,
}: Pick<ClusterDescriptor, 'eksName' | 'kindName' | 'stateStore'>) {
  if (eksName !== undefined) return `${eksMark}${eksName}`
  return kindName === undefined ? stateStore : `${kindMark}${kindName}`
}

function readCluster(text: string): GivenCluster {
  const [name = '', where = '', fullName = '', made = '', role] = text.split('|')
  try {
    const place = { name: alias(name), region: region(where), fullName: domain(fullName) }
    if (made === '') return { ...place, provider: 'existing' }
    if (made.startsWith(kindMark))
      return { ...place, provider: 'kind', kindName: kindName(made.slice(kindMark.length)) }
    if (!made.startsWith(eksMark)) return { ...place, stateStore: made }
    const called = eksName(made.slice(eksMark.length))
    return { ...place, provider: 'eks', eksName: called, ...(role !== undefined && { role: roleArn(role) }) }
  } catch {
    throw new Error('its claim does not say where its app is')
  }
}
