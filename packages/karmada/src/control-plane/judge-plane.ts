import {
  type Claim,
  type Identity,
  judgeClaim,
  type Owned,
  ownerOf,
  type Reading,
  readObject,
  unmarked,
} from '@meridian/identity'
import type { Kube } from '@meridian/kube'
import {
  type ControlPlane,
  classifyControlPlane,
  type Observed,
  observeControlPlane,
} from './detect-control-plane.ts'
import type { InstalledPlane } from './installed-plane.ts'

/** What there is of a control plane, and who installed it. */
export type JudgedPlane = { readonly found: ControlPlane; readonly claim: Claim<InstalledPlane> }

/**
 * Reads who has installed a control plane, by the record of the installation alone: one without record was installed
 * by other means. The record of version 0.1 names nobody; it is the identity's if the host cluster itself is, which the
 * caller has judged by that cluster's own claim, or if it is to be adopted.
 */
export async function judgePlane(
  host: Kube,
  identity: Identity,
  hostCluster?: Owned<unknown>,
  adopt = false,
): Promise<JudgedPlane> {
  const observed = await observeControlPlane(host)
  const found = classifyControlPlane(observed)
  const plane = { host, record: observed.record }
  return { found, claim: judgeInstallation(plane, observed, identity, adopt || hostCluster !== undefined) }
}

/** Pure part of `judgePlane`; exported for its tests. */
export function judgeInstallation<T>(
  plane: T,
  observed: Observed,
  identity: Identity,
  isOurs: boolean,
): Claim<T> {
  const { cluster: _, account: __, app: ___, ...installer } = identity
  return judgeClaim(plane, readingOf(observed, installer, isOurs), installer)
}

function readingOf(observed: Observed, identity: Identity, isOurs: boolean): Reading {
  const { record, namespace } = observed
  if (record === undefined) {
    // The namespace is made first: of an installation that got no further it is all there is.
    const empty = classifyControlPlane(observed).state === 'absent'
    return empty && namespace !== undefined ? readObject(namespace.metadata) : unmarked
  }
  return record.reading.kind === 'unmarked' && isOurs ? olderMark(identity) : record.reading
}

/**
 * Whether others may have something in a control plane. Nobody has in one that is not there, in one whose installation was
 * cut short (its address is told to nobody before that has ended), or one whose removal has begun.
 */
export function mayHoldOthers({ found }: Pick<JudgedPlane, 'found'>): boolean {
  switch (found.state) {
    case 'absent':
      return false
    case 'foreign':
      return true
    case 'partial':
      return found.origin !== 'cut-short'
    case 'whole':
      return found.record?.state !== 'installing'
  }
}

/** What version 0.1 would have said, had it said anything. */
export function olderMark(identity: Identity): Reading {
  return { kind: 'marked', mark: { schema: 1, owner: ownerOf(identity) } }
}

/** Whether a control plane is the identity's by a record of version 0.1, which marked no members either. */
export function isOlderInstallation(plane: Claim<unknown> | undefined): boolean {
  return plane?.kind === 'ours' && plane.mark.schema === 1
}
