import { type Aws, isAccessDenied, zonesOffering } from '@meridian/aws'
import type { Job } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import { sizesOf } from './cluster-spec.ts'
import type { Refusal } from './plan.ts'

export type Sizes = Readonly<Record<'control-plane-size' | 'node-size', string>>

/**
 * What is wrong with the machines of a new cluster, by what EC2 says that its zones offer. It only saves a run that would
 * fail half way, so a role that may not ask is told so, and goes on.
 */
export async function checkMachines(
  inputs: Inputs,
  aws: Aws,
  { log }: Pick<Job, 'log'>,
): Promise<Refusal | undefined> {
  const { region, zones } = inputs.cluster
  const sizes = sizesOf(inputs)
  try {
    return judgeMachines(
      sizes,
      inputs.cluster,
      await zonesOffering(aws, region, [...new Set(Object.values(sizes).flatMap(each => each.split(',')))]),
    )
  } catch (error) {
    if (!isAccessDenied(error)) throw error
    log.info(
      `Not checked whether ${zones.join(', ')} offer ${Object.values(sizes).join(' and ')}: the credentials lack ec2:DescribeInstanceTypeOfferings.`,
    )
    return undefined
  }
}

/** `offered` has the zones of the region by instance type. */
export function judgeMachines(
  sizes: Sizes,
  { region, zones }: Pick<Inputs['cluster'], 'region' | 'zones'>,
  offered: ReadonlyMap<string, readonly string[]>,
): Refusal | undefined {
  const all = Object.entries(sizes).flatMap(([input, types]) => types.split(',').map(type => [input, type]))
  for (const [input = '', type = ''] of all) {
    const usable = offered.get(type) ?? []
    const missing = zones.filter(zone => !usable.includes(zone))
    if (missing.length === 0) continue
    const fix =
      usable.length === 0
        ? `Correct ${input}: it must be an EC2 instance type that the region has, such as t3.medium.`
        : `Choose zones of ${usable.join(', ')}, or another ${input}.`
    const where = usable.length === 0 ? region : missing.join(', ')
    return {
      kind: 'refuse',
      reason: `EC2 offers no machine of type '${type}' in ${where}`,
      fix: `${fix} Nothing has been changed.`,
      input,
    }
  }
  return undefined
}
