import { isOffered } from './offered-types.ts'
import { type Resource, textAttribute } from './resource.ts'
import type { World } from './world.ts'

/** Which types a group takes beside its template's, the first first, and how it divides them into on demand and spot. */
export type MixedInstances = {
  readonly types: readonly string[]
  readonly distribution: Readonly<Record<string, string>>
}

const mixedIn = ({ attributes }: Resource) => attributes.mixed as MixedInstances | undefined

/** What EC2 would answer to a launch for the group; undefined when it would succeed. */
export function findLaunchObstacle(world: World, group: Resource): string | undefined {
  const zone = textAttribute(group, 'availabilityZone') ?? ''
  const types = typesOf(world, group)
  const size = types.find(type => isOffered(type, zone)) ?? types[0] ?? ''
  if (!isOffered(size, zone)) {
    return `Your requested instance type (${size}) is not supported in your requested Availability Zone (${zone}). Please retry your request by not specifying an Availability Zone or choosing another one. Launching EC2 instance failed.`
  }
  if (world.faults.active('no-capacity')) {
    return `We currently do not have sufficient ${size} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity. You can currently get ${size} capacity by not specifying an Availability Zone in your request or choosing another one. Launching EC2 instance failed.`
  }
  if (world.faults.active('vcpu-quota')) {
    return 'You have requested more vCPU capacity than your current vCPU limit of 1 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit. Launching EC2 instance failed.'
  }
  return undefined
}

/** What a group launches next to those that it has: by the latest version of its template, which may be newer than theirs. */
export function machineOf(world: World, group: Resource, present: readonly Resource[]) {
  const template = templateOf(world, group)
  const read = (key: string) => template && textAttribute(template, key)
  const zone = textAttribute(group, 'availabilityZone') ?? ''
  const isSpot = read('spotPrice') !== undefined || isNextSpot(group, present)
  return {
    instanceType: typesOf(world, group).find(type => isOffered(type, zone)),
    ...(isSpot && { lifecycle: 'spot' }),
    imageId: read('imageId'),
    userData: read('userData'),
    templateVersion: Number(template?.attributes.version ?? 1),
  }
}

const templateOf = (world: World, group: Resource) =>
  world.inventory.get(textAttribute(group, 'launchTemplate') ?? '')

function typesOf(world: World, group: Resource): readonly string[] {
  const types = mixedIn(group)?.types ?? []
  if (types.length > 0) return types
  const template = templateOf(world, group)
  return [(template && textAttribute(template, 'instanceType')) ?? textAttribute(group, 'instanceType') ?? '']
}

/** The base on demand first, then so much of the rest as the percentage says, rounded up. */
function isNextSpot(group: Resource, present: readonly Resource[]): boolean {
  const { OnDemandBaseCapacity: base = 0, OnDemandPercentageAboveBaseCapacity: share = 100 } =
    mixedIn(group)?.distribution ?? {}
  const wanted = Number(group.attributes.desiredCapacity ?? group.attributes.minSize ?? 0)
  const above = Math.max(0, wanted - Number(base))
  const onDemand = present.filter(({ attributes }) => attributes.lifecycle !== 'spot').length
  return onDemand >= Math.min(wanted, Number(base)) + Math.ceil((above * Number(share)) / 100)
}
