import { ownerOf, type Reading } from '@meridian/identity'
import { parentOf } from '../zone/name.ts'

/**
 * Adds to a mark of version 0.1 the domain that it did not know: its names were `<record>.[<environment>.]<domain>`.
 * The record is taken to be one label, so that the domain is never taken for a wider one than it was.
 */
export function withDerivedDomain(fqdn: string, reading: Reading): Reading {
  if (reading.kind !== 'marked' || reading.mark.domain !== undefined) return reading
  const { mark } = reading
  const root = parentOf(fqdn)
  const named = mark.owner !== ownerOf({}) && root.startsWith(`${mark.owner}.`)
  const domain = named ? parentOf(root) : root
  return { kind: 'marked', mark: { ...mark, domain } }
}
