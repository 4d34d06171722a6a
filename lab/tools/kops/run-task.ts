import type { NewResource, ResourceType } from '@meridian/lab-world'
import { ToolError } from '../terminal.ts'
import type { Kops } from './context.ts'

const patience = 600_000
const pause = 10_000

/**
 * Runs one task as kops does: whatever fails, even for want of a permission, is tried again every ten seconds for ten
 * minutes, and only klog tells of it until then.
 */
export async function runTask<T>(kops: Kops, task: string, work: () => Promise<T>): Promise<T> {
  const deadline = kops.world.waited() + patience
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ToolError)) throw error
      const left = deadline - kops.world.waited()
      if (left <= 0) {
        const example = `Example error: ${error.message}`
        throw new ToolError(`error running tasks: deadline exceeded executing task ${task}. ${example}`)
      }
      const remaining = `(${writeDuration(left - 1)} remaining to succeed)`
      kops.log('W', 'executor.go:141', `error running task "${task}" ${remaining}: ${error.message}`)
      kops.log('I', 'executor.go:171', 'No progress made, sleeping before retrying 1 task(s)')
      await kops.world.wait(pause)
    }
  }
}

// Go's duration in whole seconds: 9m50s.
function writeDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}

// kops' name of the task that makes a resource, and of what it makes in messages.
const names: Partial<Record<ResourceType, [task: string, thing: string]>> = {
  'autoscaling-group': ['AutoscalingGroup', 'AutoScalingGroup'],
  'dhcp-options': ['DHCPOptions', 'DHCPOptions'],
  'elastic-ip': ['ElasticIP', 'ElasticIP'],
  'eventbridge-rule': ['EventBridgeRule', 'EventBridge rule'],
  'iam-instance-profile': ['IAMInstanceProfile', 'IAMInstanceProfile'],
  'iam-role': ['IAMRole', 'IAMRole'],
  'internet-gateway': ['InternetGateway', 'InternetGateway'],
  'launch-template': ['LaunchTemplate', 'LaunchTemplate'],
  'load-balancer': ['NetworkLoadBalancer', 'NLB'],
  natgateway: ['NatGateway', 'Nat Gateway'],
  'route-table': ['RouteTable', 'RouteTable'],
  'security-group': ['SecurityGroup', 'SecurityGroup'],
  sqs: ['SQS', 'SQS queue'],
  subnet: ['Subnet', 'subnet'],
  'target-group': ['TargetGroup', 'target group'],
  volume: ['EBSVolume', 'PersistentVolume'],
  vpc: ['VPC', 'VPC'],
}

/** A resource as kops names its task: `NatGateway/NAME`. */
export function taskOf({ type, name = '' }: Pick<NewResource, 'type' | 'name'>): string {
  return `${names[type]?.[0] ?? type}/${name}`
}

/** How kops begins the error of a creation, with its own word for the type. */
export function creationOf(type: ResourceType): string {
  return `error creating ${names[type]?.[1] ?? type}`
}
