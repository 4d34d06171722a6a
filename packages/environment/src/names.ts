/** What every name follows from: a domain and, where there are several federations under it, an environment. */
export type Identity = { readonly domain: string; readonly environment?: string | undefined }

/** The owner of an identity's records and objects: the environment, or `default` where there is none. */
export function ownerOf(identity: Identity): string {
  return identity.environment ?? 'default'
}

/** `usa.k8s.example.com`, or `usa.pr-42.k8s.example.com` in an environment. */
export function fullName(alias: string, identity: Identity): string {
  return [alias, identity.environment, identity.domain].filter(part => part !== undefined).join('.')
}

/** The bucket that holds a cluster's kops state, unless an input names another. */
export function stateBucket(clusterFullName: string): string {
  return `${clusterFullName}-state`
}

/** The record of the federated app: `hugo-fed.k8s.example.com`. */
export function recordName(record: string, identity: Identity): string {
  return fullName(record, identity)
}

/** The owner TXT stands beside the record under a name of its own, since nothing may share a CNAME's name. */
export function ownerRecordName(fqdn: string): string {
  return `_meridian.${fqdn}`
}
