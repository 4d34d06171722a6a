import { type ClusterDescriptor, completeClusters } from '@meridian/identity'
import type { Inputs } from '../inputs.ts'

/** The members as the input clusters describes them, and the one that hosts the federation. */
export type Members = {
  readonly members: readonly ClusterDescriptor[]
  readonly host: ClusterDescriptor | undefined
}

/** Without the input clusters there are none, and nobody knows the host; with it the first hosts unless told otherwise. */
export function readMembers(
  inputs: Pick<Inputs, 'clusters' | 'host' | 'domain' | 'environment' | 'stateStore'>,
): Members {
  const members = completeClusters(inputs.clusters ?? [], inputs)
  return { members, host: members.find(({ name }) => name === (inputs.host ?? members[0]?.name)) }
}
