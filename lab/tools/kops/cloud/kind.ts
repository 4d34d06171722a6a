import type { NewResource } from '@meridian/lab-world'
import type { CloudClient } from '../cloud-client.ts'
import type { Found } from './read-xml.ts'

/** How kops finds, makes and tags one kind of thing; `cluster` is its full name. */
export type Kind = {
  /** What there is under the wanted name. */
  find(cloud: CloudClient, wanted: NewResource, cluster: string): Promise<Found | undefined>
  make(cloud: CloudClient, wanted: NewResource): Promise<Found>
  /** Brings what is there to what is wanted, beside its tags. */
  mend?(cloud: CloudClient, found: Found, wanted: NewResource): Promise<void>
  tag(cloud: CloudClient, found: Found, tags: Record<string, string>): Promise<void>
}

/** '' where it has none. */
export const nameOf = ({ name = '' }: NewResource) => name

/** An attribute as text, undefined where it has none. */
export const text = ({ attributes }: Pick<NewResource, 'attributes'>, key: string) => {
  const value = attributes?.[key]
  return value === undefined ? undefined : String(value)
}

/** What a request made, with what it was made from. */
export function born({ type, name = '', tags = {}, attributes = {} }: NewResource, id: string): Found {
  return { type, id, name, tags, attributes }
}
