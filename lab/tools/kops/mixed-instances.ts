import { ToolError } from '../terminal.ts'
import type { Parameters } from './cloud-client.ts'
import type { InstanceGroup } from './cluster-object.ts'

type Spec = InstanceGroup['spec']

/** What of a group takes machines of several types, or spot machines. */
type Policy = {
  instances?: string[]
  onDemandAllocationStrategy?: string
  onDemandBase?: number
  onDemandAboveBase?: number
  spotAllocationStrategy?: string
  spotInstancePools?: number
}

/** The same as Auto Scaling has it. */
export type Mixed = { overrides: string[]; distribution: Record<string, string> }

const fields = {
  onDemandAllocationStrategy: 'OnDemandAllocationStrategy',
  onDemandAboveBase: 'OnDemandPercentageAboveBaseCapacity',
  onDemandBase: 'OnDemandBaseCapacity',
  spotAllocationStrategy: 'SpotAllocationStrategy',
  spotInstancePools: 'SpotInstancePools',
} as const

const strategies = [
  'lowest-price',
  'diversified',
  'capacity-optimized',
  'capacity-optimized-prioritized',
  'price-capacity-optimized',
]

const policyOf = ({ mixedInstancesPolicy }: Spec) => mixedInstancesPolicy as Policy | undefined

/** What a group's auto scaling group is to be told of types and spot machines; undefined where it is one type on demand. */
export function mixedOf(spec: Spec): Mixed | undefined {
  const policy = policyOf(spec)
  if (policy === undefined) return undefined
  const told = Object.entries(fields).flatMap(([field, name]) => {
    const value = policy[field as keyof typeof fields]
    return value === undefined ? [] : [[name, String(value)]]
  })
  const distribution = Object.fromEntries(told)
  // kops unsets a price with an empty one.
  return {
    overrides: policy.instances ?? [],
    distribution: { ...distribution, SpotMaxPrice: String(spec.maxPrice ?? '') },
  }
}

/** The price that its launch template bids, which AWS takes there only without a policy. */
export function bidOf(spec: Spec): string | undefined {
  return policyOf(spec) === undefined && spec.maxPrice !== undefined ? String(spec.maxPrice) : undefined
}

/** Refuses a policy in the words of kops' validation. */
export function checkMixed({ spec }: InstanceGroup): void {
  const policy = policyOf(spec) ?? {}
  const { onDemandBase = 0, onDemandAboveBase = 0, spotAllocationStrategy: strategy } = policy
  const refuse = (field: string, value: unknown, why: string) => {
    throw new ToolError(`spec.mixedInstancesPolicy.${field}: ${why.replace('%', JSON.stringify(value))}`)
  }
  if (onDemandBase < 0) refuse('onDemandBase', onDemandBase, 'Invalid value: %: cannot be less than zero')
  if (onDemandBase > spec.maxSize)
    refuse('onDemandBase', onDemandBase, 'Invalid value: %: cannot be greater than max size')
  if (onDemandAboveBase < 0)
    refuse('onDemandAboveBase', onDemandAboveBase, 'Invalid value: %: cannot be less than 0')
  if (onDemandAboveBase > 100)
    refuse('onDemandAboveBase', onDemandAboveBase, 'Invalid value: %: cannot be greater than 100')
  if (strategy !== undefined && !strategies.includes(strategy)) {
    const supported = strategies.map(each => JSON.stringify(each)).join(', ')
    refuse('spotAllocationStrategy', strategy, `Unsupported value: %: supported values: ${supported}`)
  }
}

/** What of a group differs from what AWS has, by kops' names; empty where nothing does. */
export function mixedChanges(
  is: Mixed | undefined,
  wanted: Mixed | undefined,
): [name: string, change: string][] {
  if (wanted === undefined) return is === undefined ? [] : [['MixedInstanceOverrides', `${list(is)} -> []`]]
  const changed = Object.entries(wanted.distribution).filter(
    ([name, value]) => (is?.distribution[name] ?? '') !== value,
  )
  return [
    ...(list(is) === list(wanted)
      ? []
      : [['MixedInstanceOverrides', `${list(is)} -> ${list(wanted)}`] as [string, string]]),
    ...changed.map(([name, value]): [string, string] => [
      `Mixed${name}`,
      `${is?.distribution[name] ?? '<nil>'} -> ${value}`,
    ]),
  ]
}

const list = (mixed: Mixed | undefined) => `[${mixed?.overrides.join(' ') ?? ''}]`

/** The template of a group, with the types and the spot machines where it has a policy. */
export function launchParameters(template: string | undefined, mixed: Mixed | undefined): Parameters {
  const specification = { LaunchTemplateId: template, Version: '$Latest' }
  const below = (prefix: string, values: Record<string, string | undefined>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]))
  if (mixed === undefined) return below('LaunchTemplate', specification)
  const policy = 'MixedInstancesPolicy'
  const overrides = mixed.overrides.map((type, at) => [
    `${policy}.LaunchTemplate.Overrides.member.${at + 1}.InstanceType`,
    type,
  ])
  return {
    ...below(`${policy}.LaunchTemplate.LaunchTemplateSpecification`, specification),
    ...Object.fromEntries(overrides),
    ...below(`${policy}.InstancesDistribution`, mixed.distribution),
  }
}
