import { type Aws, childOf, filterParameters, itemsOf, queryEc2, tagsOf, textOf } from '@meridian/aws'

export type InstanceState = {
  readonly id: string
  readonly type: string
  /** `pending`, `running`, `shutting-down`, `terminated`, `stopping`, `stopped`. */
  readonly state: string
  readonly tags: Readonly<Record<string, string>>
}

/**
 * The instances that match EC2 filters such as `{ 'tag:KubernetesCluster': ['usa.k8s.example.com'] }`. Terminated
 * ones are listed for about an hour, here and by the tagging API: look at `state`.
 */
export async function instanceStates(
  aws: Aws,
  region: string,
  filters: Record<string, readonly string[]>,
): Promise<InstanceState[]> {
  const answers = await queryEc2(aws, region, 'DescribeInstances', filterParameters(filters))
  return answers
    .flatMap(answer => itemsOf(answer.reservationSet))
    .flatMap(reservation => itemsOf(reservation.instancesSet))
    .map(instance => ({
      id: textOf(instance, 'instanceId'),
      type: textOf(instance, 'instanceType'),
      state: textOf(childOf(instance, 'instanceState'), 'name'),
      tags: tagsOf(instance),
    }))
}
