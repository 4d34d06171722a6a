import { child } from '@meridian/lab-aws-protocol'
import { ToolError } from '../terminal.ts'
import { describeGroups } from './cloud/group-kinds.ts'
import { list, read } from './cloud/read-xml.ts'
import { type Cluster, regionOf } from './cluster-object.ts'
import type { Kops } from './context.ts'

const pause = 5_000

/** Cordons a node and evicts its pods, again and again while a budget protects some of them. */
export async function drainNode(kops: Kops, cluster: Cluster, node: string, timeout: number): Promise<void> {
  const path = `/_world/clusters/${cluster.metadata.name}/drained/${node}`
  const deadline = kops.world.waited() + timeout
  kops.out(`node/${node} cordoned\n`)
  for (;;) {
    const { body } = await kops
      .cloud(regionOf(cluster))
      .ask<{ evicted: string[]; refused: string[] }>('POST', path)
    for (const pod of body.evicted) kops.out(`evicting pod ${pod}\npod/${pod.split('/')[1]} evicted\n`)
    if (body.refused.length === 0) return kops.out(`node/${node} drained\n`)
    for (const pod of body.refused) {
      const [namespace, name] = pod.split('/')
      const why = "Cannot evict pod as it would violate the pod's disruption budget."
      kops.err(
        `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)} (will retry after 5s): ${why}\n`,
      )
    }
    if (kops.world.waited() >= deadline) {
      const [, name] = body.refused[0]?.split('/') ?? []
      const why = `error when evicting pods: global timeout reached: ${timeout / 60_000}m0s`
      throw new ToolError(`failed to drain node "${node}": error draining node: ${why} (${name})`)
    }
    await kops.world.wait(pause)
  }
}

/** Takes an instance out of the target groups of its auto scaling group, and waits until it is unused. */
export async function deregister(kops: Kops, cluster: Cluster, group: string, id: string): Promise<void> {
  const cloud = kops.cloud(regionOf(cluster))
  const [found] = await describeGroups(cloud, [group])
  for (const arn of (found?.attributes.targetGroups ?? []) as string[]) {
    kops.log('I', 'aws_cloud.go:617', `Deregistering instance from targetGroup: ${arn}`)
    const target = { TargetGroupArn: arn, 'Targets.member.1.Id': id }
    for (;;) {
      const answer = await cloud.query('elasticloadbalancing', 'DescribeTargetHealth', target)
      const [health] = list(answer, 'TargetHealthDescriptions', 'member')
      if (read(child(health, 'TargetHealth'), 'State') === 'unused') break
      await cloud.query('elasticloadbalancing', 'DeregisterTargets', target)
      await kops.world.wait(pause)
    }
    kops.log('I', 'aws_cloud.go:658', `Successfully drained instance from targetGroup: ${arn}`)
  }
}
