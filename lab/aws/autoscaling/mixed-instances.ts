import { AwsError, type Place, type QueryParameters, type XmlInput } from '@meridian/lab-aws-protocol'
import { type MixedInstances, type Resource, textAttribute, type World } from '@meridian/lab-world'
import { findTemplate } from '../ec2/launch-templates.ts'

const policy = 'MixedInstancesPolicy'
const specification = `${policy}.LaunchTemplate.LaunchTemplateSpecification.`

/** What AWS has of a policy where a request does not say it. */
const usual = {
  OnDemandAllocationStrategy: 'prioritized',
  OnDemandBaseCapacity: '0',
  OnDemandPercentageAboveBaseCapacity: '100',
  SpotAllocationStrategy: 'lowest-price',
}

/** Whether a request describes a policy of several instance types. */
export const isMixed = (parameters: QueryParameters): boolean =>
  [...parameters.keys()].some(name => name.startsWith(`${policy}.`))

/** Where in a request the launch template of a group stands; throws where it has none. */
export function templatePrefix(parameters: QueryParameters): string {
  if (isMixed(parameters)) return specification
  if (parameters.has('LaunchTemplate.LaunchTemplateId')) return 'LaunchTemplate.'
  throw new AwsError(
    400,
    'ValidationError',
    'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
  )
}

/** The policy of a group that has several instance types. */
export const mixedIn = ({ attributes }: Resource) => attributes.mixed as MixedInstances | undefined

/** The policy that a request describes, over the one that is there; undefined where it describes none. */
export function mixedOf(
  world: World,
  place: Place,
  parameters: QueryParameters,
  is?: MixedInstances,
): MixedInstances | undefined {
  if (!isMixed(parameters)) return undefined
  if (parameters.has(`${specification}LaunchTemplateId`)) {
    const template = findTemplate(world, place, parameters, specification)
    if (template.attributes.spotPrice !== undefined) {
      const message =
        'You cannot use a launch template that is set to request Spot Instances (InstanceMarketOptions) when you configure an Auto Scaling group with a mixed instances policy.'
      throw new AwsError(400, 'ValidationError', message)
    }
  }
  const types: string[] = []
  for (let at = 1; ; at += 1) {
    const type = parameters.get(`${policy}.LaunchTemplate.Overrides.member.${at}.InstanceType`)
    if (type === null) break
    types.push(type)
  }
  const prefix = `${policy}.InstancesDistribution.`
  const told = [...parameters].flatMap(([name, value]) =>
    name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
  )
  const distribution = { ...usual, ...is?.distribution, ...Object.fromEntries(told) }
  return { types: types.length > 0 ? types : (is?.types ?? []), distribution }
}

/** A group has either a template or a policy that names one. */
export function describeLaunch(group: Resource): Record<string, XmlInput> {
  const template = { LaunchTemplateId: textAttribute(group, 'launchTemplate'), Version: '$Latest' }
  const mixed = mixedIn(group)
  if (mixed === undefined) return { LaunchTemplate: template }
  const { SpotMaxPrice, ...distribution } = mixed.distribution
  return {
    MixedInstancesPolicy: {
      LaunchTemplate: {
        LaunchTemplateSpecification: template,
        Overrides: { member: mixed.types.map(InstanceType => ({ InstanceType })) },
      },
      InstancesDistribution: { ...distribution, ...(SpotMaxPrice && { SpotMaxPrice }) },
    },
  }
}
