import { type Place, rootOf } from './identity.ts'

/** `usa.k8s.example.com`, or `usa.pr-42.k8s.example.com` in an environment. */
export function fullName(alias: string, place: Place): string {
  return `${alias}.${rootOf(place)}`
}

/** The bucket that holds a cluster's kops state, unless an input names another. */
export function stateBucket(clusterFullName: string): string {
  return `${clusterFullName}-state`
}

/** The record of the federated app: `hugo-fed.k8s.example.com`; for `@` the domain or environment itself. */
export function recordName(record: string, place: Place): string {
  return record === '@' ? rootOf(place) : fullName(record, place)
}

/** The owner TXT stands beside the record under a name of its own, since nothing may share a CNAME's name. */
export function ownerRecordName(fqdn: string): string {
  return `_meridian.${fqdn}`
}
