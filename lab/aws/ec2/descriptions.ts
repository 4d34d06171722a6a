import { type Resource, textAttribute } from '@meridian/lab-world'
import { type Description, writeTagSet } from './describe.ts'
import { networkDescriptions } from './network-descriptions.ts'

const attribute = (key: string) => (resource: Resource) => textAttribute(resource, key)
const id = (resource: Resource) => resource.id
const born = (resource: Resource) => new Date(resource.bornAt).toISOString()

const stateCodes: Record<string, number> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
}

const instances: Description = {
  type: 'instance',
  set: 'reservationSet',
  idParameter: 'InstanceId',
  notFound: 'InvalidInstanceID.NotFound',
  filters: {
    'instance-id': id,
    'instance-state-name': resource => resource.state ?? 'running',
    'instance-type': attribute('instanceType'),
    'availability-zone': attribute('availabilityZone'),
    'subnet-id': attribute('subnetId'),
  },
  item: resource => ({
    reservationId: resource.id.replace('i-', 'r-'),
    ownerId: resource.account,
    instancesSet: { item: describeInstance(resource) },
  }),
}

function describeInstance(resource: Resource) {
  const state = resource.state ?? 'running'
  return {
    instanceId: resource.id,
    instanceState: { code: stateCodes[state], name: state },
    instanceType: textAttribute(resource, 'instanceType'),
    launchTime: born(resource),
    instanceLifecycle: textAttribute(resource, 'lifecycle'),
    placement: { availabilityZone: textAttribute(resource, 'availabilityZone') },
    subnetId: textAttribute(resource, 'subnetId'),
    vpcId: textAttribute(resource, 'vpcId'),
    tagSet: writeTagSet(resource),
  }
}

const volumes: Description = {
  type: 'volume',
  set: 'volumeSet',
  idParameter: 'VolumeId',
  notFound: 'InvalidVolume.NotFound',
  filters: {
    'volume-id': id,
    status: resource => resource.state ?? 'available',
    'attachment.instance-id': attribute('instanceId'),
    'availability-zone': attribute('availabilityZone'),
  },
  item: (resource, world) => ({
    volumeId: resource.id,
    size: Number(resource.attributes.size ?? 20),
    availabilityZone: textAttribute(resource, 'availabilityZone'),
    status: resource.state ?? 'available',
    createTime: born(resource),
    volumeType: textAttribute(resource, 'volumeType') ?? 'gp3',
    attachmentSet: {
      item: attachments(resource, world.inventory.get(textAttribute(resource, 'instanceId') ?? '')),
    },
    tagSet: writeTagSet(resource),
  }),
}

function attachments(volume: Resource, instance: Resource | undefined) {
  return instance ? [{ volumeId: volume.id, instanceId: instance.id, status: 'attached' }] : []
}

const interfaceType = (resource: Resource) => textAttribute(resource, 'interfaceType') ?? 'interface'

const networkInterfaces: Description = {
  type: 'network-interface',
  set: 'networkInterfaceSet',
  idParameter: 'NetworkInterfaceId',
  notFound: 'InvalidNetworkInterfaceID.NotFound',
  filters: {
    'network-interface-id': id,
    description: attribute('description'),
    status: resource => resource.state ?? 'available',
    'subnet-id': attribute('subnetId'),
    'interface-type': interfaceType,
    'requester-managed': resource => String(resource.attributes.requesterManaged === true),
  },
  item: resource => ({
    networkInterfaceId: resource.id,
    subnetId: textAttribute(resource, 'subnetId'),
    vpcId: textAttribute(resource, 'vpcId'),
    description: textAttribute(resource, 'description'),
    ownerId: resource.account,
    requesterId: resource.attributes.requesterManaged ? 'amazon-elb' : undefined,
    requesterManaged: resource.attributes.requesterManaged === true,
    status: resource.state ?? 'available',
    interfaceType: interfaceType(resource),
    tagSet: writeTagSet(resource),
  }),
}

const launchTemplates: Description = {
  type: 'launch-template',
  set: 'launchTemplates',
  idParameter: 'LaunchTemplateId',
  notFound: 'InvalidLaunchTemplateId.NotFound',
  filters: { 'launch-template-name': resource => resource.name ?? resource.id },
  item: resource => ({
    launchTemplateId: resource.id,
    launchTemplateName: resource.name ?? resource.id,
    latestVersionNumber: Number(resource.attributes.version ?? 1),
    defaultVersionNumber: Number(resource.attributes.defaultVersion ?? 1),
    createTime: born(resource),
    tagSet: writeTagSet(resource),
  }),
}

const keyPairs: Description = {
  type: 'key-pair',
  set: 'keySet',
  idParameter: 'KeyPairId',
  notFound: 'InvalidKeyPair.NotFound',
  filters: { 'key-pair-id': id, 'key-name': resource => resource.name ?? resource.id },
  item: resource => ({
    keyPairId: resource.id,
    keyName: resource.name ?? resource.id,
    createTime: born(resource),
    tagSet: writeTagSet(resource),
  }),
}

const addresses: Description = {
  type: 'elastic-ip',
  set: 'addressesSet',
  idParameter: 'AllocationId',
  notFound: 'InvalidAllocationID.NotFound',
  filters: { 'allocation-id': id, 'public-ip': attribute('publicIp') },
  item: resource => ({
    allocationId: resource.id,
    publicIp: textAttribute(resource, 'publicIp'),
    domain: 'vpc',
    tagSet: writeTagSet(resource),
  }),
}

/** The Describe operations that show the world's inventory. */
export const descriptions: Record<string, Description> = {
  ...networkDescriptions,
  DescribeInstances: instances,
  DescribeVolumes: volumes,
  DescribeNetworkInterfaces: networkInterfaces,
  DescribeLaunchTemplates: launchTemplates,
  DescribeKeyPairs: keyPairs,
  DescribeAddresses: addresses,
}
