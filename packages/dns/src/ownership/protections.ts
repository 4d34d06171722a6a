import {
  CreateResourceRecordSetProtectionsCommand,
  DeleteResourceRecordSetProtectionsCommand,
  ListResourceRecordSetProtectionsCommand,
  type ListResourceRecordSetProtectionsResponse,
  type RRType,
} from '@aws-sdk/client-route-53'
import { isAccessDenied } from '@meridian/aws'
import type { Owned } from '@meridian/identity'
import { bareId, type Route53 } from '../route53.ts'
import { compareNames, normalizeName } from '../zone/name.ts'

/** Route 53 rejects every change of record sets of a protected name and type. */
export type ProtectedKey = { readonly name: string; readonly type: RRType }
export type Protection = ProtectedKey & { readonly comment: string }

/**
 * Protections of some names, sorted as Route 53 sorts them. Undefined if they may not be listed and `look` is
 * `if-allowed`.
 */
export async function readProtections(
  route53: Route53,
  zone: { id: string },
  names: readonly [first: string, last: string],
  look: 'needed' | 'if-allowed',
): Promise<Protection[] | undefined> {
  const found: Protection[] = []
  let token: string | undefined
  do {
    const page: ListResourceRecordSetProtectionsResponse | undefined = await route53
      .send(
        new ListResourceRecordSetProtectionsCommand({
          HostedZoneId: bareId(zone.id),
          StartRecordName: names[0],
          NextToken: token,
        }),
      )
      .catch((error: unknown) => {
        if (look === 'needed' || !isAccessDenied(error)) throw error
        return undefined
      })
    if (page === undefined) return undefined
    const listed = (page.ResourceRecordSetProtections ?? []).map(({ RecordName, RecordType, Comment }) => ({
      name: normalizeName(RecordName ?? ''),
      type: RecordType as RRType,
      comment: Comment ?? '',
    }))
    found.push(...listed)
    token = compareNames(listed.at(-1)?.name ?? names[1], names[1]) > 0 ? undefined : page.NextToken
  } while (token !== undefined)
  return found.filter(({ name }) => names.includes(name))
}

/** Protects record sets of a zone from being changed, all in one request. */
export async function createProtections(
  route53: Route53,
  zone: { id: string },
  protections: readonly Protection[],
): Promise<void> {
  const entries = protections.map(({ name, type, comment }) => ({
    RecordName: `${name}.`,
    RecordType: type,
    Comment: comment,
  }))
  await route53.send(
    new CreateResourceRecordSetProtectionsCommand({ HostedZoneId: zone.id, Protections: entries }),
  )
}

/** Lifts protections of record sets, which must be the run’s own, all in one request. */
export async function liftProtections(
  route53: Route53,
  zone: { id: string },
  keys: readonly Owned<ProtectedKey>[],
): Promise<void> {
  const entries = keys.map(({ name, type }) => ({ RecordName: `${name}.`, RecordType: type }))
  await route53.send(
    new DeleteResourceRecordSetProtectionsCommand({ HostedZoneId: zone.id, Protections: entries }),
  )
}
