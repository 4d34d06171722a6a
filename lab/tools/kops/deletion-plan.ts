import type { ResourceType } from '@meridian/lab-world'
import type { Found } from './cloud/read-xml.ts'

/** A resource as `kops delete cluster` shows and deletes it. */
export type Doomed = { type: string; name: string; id: string; key: string; found: Found; after: string[] }

// kops' own word for each type, and what has to be gone before it is tried.
const kinds: Partial<Record<ResourceType, { type?: string; after?: ResourceType[] }>> = {
  'autoscaling-group': { after: [] },
  'dhcp-options': { after: ['vpc'] },
  'elastic-ip': { after: ['natgateway'] },
  'eventbridge-rule': {},
  'iam-instance-profile': { after: ['instance', 'launch-template'] },
  'iam-role': { after: ['iam-instance-profile'] },
  instance: { after: ['autoscaling-group'] },
  'internet-gateway': { after: [] },
  'key-pair': { type: 'keypair' },
  'launch-template': { type: 'autoscaling-config', after: ['autoscaling-group'] },
  'load-balancer': {},
  natgateway: { type: 'nat-gateway' },
  'network-interface': { after: ['instance', 'load-balancer'] },
  'route-table': { after: ['subnet'] },
  'security-group': { after: ['instance', 'load-balancer'] },
  sqs: {},
  subnet: { after: ['instance', 'load-balancer'] },
  'target-group': { after: ['load-balancer'] },
  volume: { after: ['instance'] },
  vpc: { after: ['internet-gateway', 'route-table', 'security-group', 'subnet'] },
}

/** Orders what a cluster consists of for deletion. Things that kops does not know are left out. */
export function planDeletion(resources: readonly Found[]): Doomed[] {
  const known = resources.filter(({ type }) => kinds[type])
  const keys = new Map(known.map(resource => [resource, keyOf(resource)]))
  return known
    .map(resource => {
      const after = kinds[resource.type]?.after ?? []
      return {
        type: typeOf(resource),
        name: resource.name,
        id: resource.id,
        key: keys.get(resource) ?? '',
        found: resource,
        after: known.filter(({ type }) => after.includes(type)).map(other => keys.get(other) ?? ''),
      }
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

const typeOf = ({ type }: Found) => kinds[type]?.type ?? type

const keyOf = (resource: Found) => `${typeOf(resource)}:${resource.id}`
