import { child, type XmlNode } from '@meridian/lab-aws-protocol'
import type { NewResource, ResourceType } from '@meridian/lab-world'
import type { CloudClient, Parameters } from '../cloud-client.ts'
import { launchParameters, type Mixed, mixedChanges } from '../mixed-instances.ts'
import { born, type Kind, nameOf, text } from './kind.ts'
import { type Found, list, read, readTags } from './read-xml.ts'
import { filters, members, numbered } from './write-tags.ts'

/** One request to Auto Scaling. */
export const scaling = (cloud: CloudClient, operation: string, parameters: Parameters) =>
  cloud.query('autoscaling', operation, parameters)

const metrics =
  'DesiredCapacity InServiceInstances MaxSize MinSize PendingInstances StandbyInstances TerminatingInstances TotalInstances'
    .split(' ')
    .map(name => `Group${name}`)

/** Groups by name. */
export async function describeGroups(cloud: CloudClient, names: readonly string[]): Promise<Found[]> {
  const answer = await scaling(
    cloud,
    'DescribeAutoScalingGroups',
    members('AutoScalingGroupNames.member', names),
  )
  return list(answer, 'AutoScalingGroups', 'member').map(readGroup)
}

function readGroup(node: XmlNode): Found {
  const name = read(node, 'AutoScalingGroupName')
  const size = (limit: string) => Number(read(node, limit))
  const policy = child(node, 'MixedInstancesPolicy')
  const launch = child(policy, 'LaunchTemplate') ?? ''
  const specification = policy ? child(launch, 'LaunchTemplateSpecification') : child(node, 'LaunchTemplate')
  const launchTemplate = read(specification, 'LaunchTemplateId')
  return {
    type: 'autoscaling-group',
    id: name,
    name,
    tags: readTags(node),
    attributes: {
      minSize: size('MinSize'),
      maxSize: size('MaxSize'),
      targetSize: size('DesiredCapacity'),
      launchTemplate,
      mixed: policy && {
        overrides: list(launch, 'Overrides', 'member').map(each => read(each, 'InstanceType')),
        distribution: readTexts(child(policy, 'InstancesDistribution')),
      },
      targetGroups: list(node, 'TargetGroupARNs', 'member').filter(arn => typeof arn === 'string'),
      instances: list(node, 'Instances', 'member').map(readMember),
    },
  }
}

function readTexts(node: XmlNode | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(node ?? {}).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}

/** An instance of a group, and what it was launched by. */
export type Launched = { id: string; template: string }

function readMember(node: XmlNode): Launched {
  const template = child(node, 'LaunchTemplate')
  return {
    id: read(node, 'InstanceId'),
    template: `${read(template, 'LaunchTemplateId')}:${read(template, 'Version')}`,
  }
}

/** The groups that belong to a cluster: found by their tags, which are asked for by value only. */
export async function groupsOfCluster(cloud: CloudClient, cluster: string): Promise<Found[]> {
  const answer = await scaling(cloud, 'DescribeTags', {
    'Filters.member.1.Name': 'value',
    'Filters.member.1.Values.member.1': cluster,
  })
  const names = list(answer, 'Tags', 'member').map(tag => read(tag, 'ResourceId'))
  return names.length === 0 ? [] : describeGroups(cloud, [...new Set(names)].sort())
}

/** The machines of a cluster, of one group or of all; those that end are no longer among them. */
export async function machinesOfCluster(
  cloud: CloudClient,
  cluster: string,
  group?: string,
): Promise<Found[]> {
  const states = ['pending', 'running', 'stopping', 'stopped']
  const wanted: Record<string, string> = group === undefined ? {} : { 'tag:kops.k8s.io/instancegroup': group }
  const asked = { ...wanted, 'tag:KubernetesCluster': cluster }
  const last = `Filter.${Object.keys(asked).length + 1}`
  return describeMachines(cloud, {
    ...filters(asked),
    [`${last}.Name`]: 'instance-state-name',
    ...members(`${last}.Value`, states),
  })
}

/** The machines of a cluster that run in a VPC. */
export function runningMachines(cloud: CloudClient, cluster: string, vpc: string): Promise<Found[]> {
  const wanted = { 'tag:KubernetesCluster': cluster, 'vpc-id': vpc, 'instance-state-name': 'running' }
  return describeMachines(cloud, filters(wanted))
}

async function describeMachines(cloud: CloudClient, parameters: Parameters): Promise<Found[]> {
  const answer = await cloud.query('ec2', 'DescribeInstances', parameters)
  return list(answer, 'reservationSet').flatMap(reservation =>
    list(reservation, 'instancesSet').map(node => {
      const tags = readTags(node)
      const id = read(node, 'instanceId')
      const state = read(child(node, 'instanceState'), 'name')
      return { type: 'instance' as const, id, name: tags.Name ?? '', state, tags, attributes: {} }
    }),
  )
}

export const groupKinds: Partial<Record<ResourceType, Kind>> = {
  'autoscaling-group': {
    find: async (cloud, wanted) => (await describeGroups(cloud, [nameOf(wanted)]))[0],
    async make(cloud, wanted) {
      await scaling(cloud, 'CreateAutoScalingGroup', groupParameters(wanted))
      await scaling(cloud, 'EnableMetricsCollection', {
        AutoScalingGroupName: nameOf(wanted),
        Granularity: '1Minute',
        ...members('Metrics.member', metrics),
      })
      return born(wanted, nameOf(wanted))
    },
    async mend(cloud, found, wanted) {
      const mixed = mixedIn(wanted)
      if (mixedChanges(mixedIn(found), mixed).length === 0) return
      await scaling(cloud, 'UpdateAutoScalingGroup', {
        AutoScalingGroupName: found.name,
        MaxInstanceLifetime: 0,
        ...launchParameters(text(wanted, 'launchTemplate'), mixed),
      })
    },
    async tag(cloud, { name }, tags) {
      await scaling(cloud, 'CreateOrUpdateTags', groupTags(name, tags))
    },
  },
}

/** What a group that is there or wanted has of types and spot machines. */
export const mixedIn = ({ attributes }: Pick<NewResource, 'attributes'>) =>
  attributes?.mixed as Mixed | undefined

function groupParameters(wanted: NewResource): Parameters {
  const targets = (wanted.attributes?.targetGroups ?? []) as string[]
  return {
    AutoScalingGroupName: nameOf(wanted),
    ...launchParameters(text(wanted, 'launchTemplate'), mixedIn(wanted)),
    MaxSize: text(wanted, 'maxSize'),
    MinSize: text(wanted, 'minSize'),
    NewInstancesProtectedFromScaleIn: false,
    ...groupTags(nameOf(wanted), wanted.tags ?? {}),
    ...members('TargetGroupARNs.member', targets),
    VPCZoneIdentifier: text(wanted, 'subnetId'),
  }
}

function groupTags(name: string, tags: Record<string, string>): Parameters {
  const more = Object.keys(tags).flatMap((_, index) => [
    [`Tags.member.${index + 1}.PropagateAtLaunch`, 'true'],
    [`Tags.member.${index + 1}.ResourceId`, name],
    [`Tags.member.${index + 1}.ResourceType`, 'auto-scaling-group'],
  ])
  return { ...numbered('Tags.member', tags), ...Object.fromEntries(more) }
}
