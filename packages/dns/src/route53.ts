import type { Route53Client } from '@aws-sdk/client-route-53'

/** What this package needs of an AWS client: a way to send Route 53's commands. */
export type Route53 = Pick<Route53Client, 'send'>

/** Route 53 prefixes ids with their kind (`/hostedzone/Z1`, `/change/C1`) and takes them without. */
export function bareId(id: string): string {
  return id.replace(/^\/?[a-z]+\//, '')
}
