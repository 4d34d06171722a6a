import { listParameter, type QueryParameters } from '@meridian/lab-aws-protocol'
import type { Resource } from '@meridian/lab-world'
import { matchesFilters } from '../ec2/filters.ts'
import { type GroupOperation, namedGroup } from './group-operation.ts'

type Hook = { name: string; transition: string; heartbeat: number }

/** Hooks, metrics, processes and tags of groups. */
export const groupParts: Record<string, GroupOperation> = {
  EnableMetricsCollection(_, groups, parameters) {
    const group = namedGroup(groups, parameters)
    group.attributes.metrics = listParameter(parameters, 'Metrics.member')
    return ''
  },
  SuspendProcesses(_, groups, parameters) {
    const group = namedGroup(groups, parameters)
    group.attributes.suspended = listParameter(parameters, 'ScalingProcesses.member')
    return ''
  },
  PutLifecycleHook(_, groups, parameters) {
    const group = namedGroup(groups, parameters)
    const hook: Hook = {
      name: parameters.get('LifecycleHookName') ?? '',
      transition: parameters.get('LifecycleTransition') ?? '',
      heartbeat: Number(parameters.get('HeartbeatTimeout') ?? 3600),
    }
    group.attributes.hooks = [...hooksOf(group).filter(({ name }) => name !== hook.name), hook]
    return ''
  },
  DescribeLifecycleHooks(_, groups, parameters) {
    const wanted = listParameter(parameters, 'LifecycleHookNames.member')
    const group = namedGroup(groups, parameters)
    const found = hooksOf(group).filter(({ name }) => wanted.length === 0 || wanted.includes(name))
    const member = found.map(({ name, transition, heartbeat }) => ({
      LifecycleHookName: name,
      AutoScalingGroupName: group.name,
      LifecycleTransition: transition,
      HeartbeatTimeout: heartbeat,
    }))
    return { LifecycleHooks: { member } }
  },
  DescribeWarmPool(_, groups, parameters) {
    namedGroup(groups, parameters)
    return { Instances: '' }
  },
  DescribeTags(_, groups, parameters) {
    const filters = readTagFilters(parameters)
    const all = groups.flatMap(group =>
      Object.entries(group.tags).map(([key, value]) => ({ group: group.name ?? '', key, value })),
    )
    const found = all.filter(tag => matchesFilters(filters, { tags: {} }, name => filteredValue(tag, name)))
    const member = found.map(({ group, key, value }) => ({
      ResourceId: group,
      ResourceType: 'auto-scaling-group',
      Key: key,
      Value: value,
      PropagateAtLaunch: true,
    }))
    return { Tags: { member } }
  },
}

const hooksOf = ({ attributes }: Resource) => (attributes.hooks ?? []) as Hook[]

function filteredValue(
  tag: { group: string; key: string; value: string },
  filter: string,
): string | undefined {
  return { 'auto-scaling-group': tag.group, key: tag.key, value: tag.value }[filter]
}

function readTagFilters(parameters: QueryParameters) {
  const filters: { name: string; values: string[] }[] = []
  for (let index = 1; ; index += 1) {
    const name = parameters.get(`Filters.member.${index}.Name`)
    if (name === null) return filters
    filters.push({ name, values: listParameter(parameters, `Filters.member.${index}.Values.member`) })
  }
}
