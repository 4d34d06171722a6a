/** One thing that exists in an account of the world's cloud: it costs money, or somebody must tidy it away. */
export type Resource = {
  type: ResourceType
  id: string
  arn: string
  /** The number of the account that it belongs to. */
  account: string
  region: string
  name?: string
  tags: Record<string, string>
  /** Milliseconds since the epoch. */
  bornAt: number
  /** US dollars per real hour. */
  hourlyCost: number
  state?: string
  attributes: Record<string, unknown>
}

export type ResourceType =
  | 'autoscaling-group'
  | 'bucket'
  | 'dhcp-options'
  | 'elastic-ip'
  | 'eventbridge-rule'
  | 'health-check'
  | 'iam-instance-profile'
  | 'iam-role'
  | 'instance'
  | 'internet-gateway'
  | 'key-pair'
  | 'launch-template'
  | 'load-balancer'
  | 'natgateway'
  | 'network-interface'
  | 'record-set'
  | 'route-table'
  | 'security-group'
  | 'sqs'
  | 'subnet'
  | 'target-group'
  | 'volume'
  | 'vpc'

/** What must be said about a resource at birth; the world fills in id, arn, price and time, and its main account. */
export type NewResource = Pick<Resource, 'type' | 'region'> & Partial<Omit<Resource, 'bornAt'>>

/**
 * The cluster a resource belongs to, by the tags that kops and the cloud controller put on it, or by the
 * attribute that untagged companions (network interfaces of load balancers) carry.
 */
export function clusterOf(resource: Pick<Resource, 'tags' | 'attributes'>): string | undefined {
  const tagged = resource.tags.KubernetesCluster
  if (tagged !== undefined) return tagged
  const prefix = 'kubernetes.io/cluster/'
  const key = Object.keys(resource.tags).find(key => key.startsWith(prefix))
  if (key !== undefined) return key.slice(prefix.length)
  return textAttribute(resource, 'cluster')
}

/** An attribute that is a string, else undefined. */
export function textAttribute(resource: Pick<Resource, 'attributes'>, key: string): string | undefined {
  const value = resource.attributes[key]
  return typeof value === 'string' ? value : undefined
}
