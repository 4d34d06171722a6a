import { ToolError } from '../terminal.ts'
import { scaling } from './cloud/group-kinds.ts'
import { members } from './cloud/write-tags.ts'
import { type CloudGroup, detachedFrom, type Member } from './cloud-groups.ts'
import { type Cluster, type InstanceGroup, regionOf } from './cluster-object.ts'
import type { Kops } from './context.ts'
import { deregister, drainNode } from './drain-node.ts'
import { type Failure, inspectCluster } from './inspect-cluster.ts'
import { passPoint } from './pass-point.ts'
import type { StateStore } from './store.ts'

/** Durations in milliseconds. */
export type RollSettings = {
  validationTimeout: number
  validateCount: number
  drainTimeout: number
  postDrainDelay: number
  controlPlaneInterval: number
  nodeInterval: number
}

export type Roll = {
  kops: Kops
  store: StateStore
  cluster: Cluster
  /** Of the cluster, whether they are rolled or not. */
  all: readonly InstanceGroup[]
  settings: RollSettings
  force: boolean
  cloudOnly: boolean
}

const tick = 30_000
const flapping = 10_000
const source = 'instancegroups.go'
const isControlPlane = ({ spec }: InstanceGroup) => spec.role === 'Master'
const byName = (a: CloudGroup, b: CloudGroup) => (a.group.metadata.name < b.group.metadata.name ? -1 : 1)

/** One group after the other, control planes first; it ends with the first that does not become healthy again. */
export async function rollGroups(roll: Roll, groups: readonly CloudGroup[]): Promise<void> {
  const { kops, cluster } = roll
  for (const each of groups.filter(({ group }) => isControlPlane(group)).toSorted(byName)) {
    await rollGroup(roll, each).catch(error => {
      if (!(error instanceof ToolError)) throw error
      const why = JSON.stringify(error.message)
      throw new ToolError(`control-plane node not healthy after update, stopping rolling-update: ${why}`)
    })
  }
  for (const each of groups.filter(({ group }) => !isControlPlane(group)).toSorted(byName)) {
    await rollGroup(roll, each).catch(error => {
      if (error instanceof ToolError) {
        const name = JSON.stringify(each.group.metadata.name)
        kops.log('E', 'rollingupdate.go:219', `failed to roll InstanceGroup ${name}: ${error.message}`)
      }
      throw error
    })
  }
  const names = groups.map(({ group }) => group.metadata.name).sort()
  const name = JSON.stringify(cluster.metadata.name)
  kops.log(
    'I',
    'rollingupdate.go:236',
    `Completed rolling update for cluster ${name} instance groups [${names.join(' ')}]`,
  )
}

async function rollGroup(roll: Roll, cloud: CloudGroup): Promise<void> {
  const { kops, settings, cluster } = roll
  const interval = isControlPlane(cloud.group) ? settings.controlPlaneInterval : settings.nodeInterval
  const due = roll.force ? [...cloud.needUpdate, ...cloud.ready] : cloud.needUpdate
  // Those that have left their group go last.
  const update = due.toSorted((a, b) => Number(a.detached) - Number(b.detached))
  const last = update.at(-1)
  if (last === undefined) return
  await validate(roll, cloud, '', 1)
  if (!roll.cloudOnly) taint(roll, cloud, update)
  // A control plane cannot have one machine more: it would not get into etcd.
  if (!isControlPlane(cloud.group) && !roll.cloudOnly && !last.detached) {
    await detach(roll, cloud, last)
    await passPoint(kops, 'roll-detach', cluster.metadata.name)
    kops.log('I', `${source}:225`, `waiting for ${interval / 1000}s after detaching instance`)
    await kops.world.wait(interval)
    await validate(roll, cloud, ' after detaching instance', settings.validateCount)
  }
  for (const member of update) {
    await drainAndTerminate(roll, cloud, member)
    kops.log('I', `${source}:491`, `waiting for ${interval / 1000}s after terminating instance`)
    await kops.world.wait(interval)
    await validate(roll, cloud, ' after terminating instance', settings.validateCount)
  }
}

function taint({ kops }: Roll, { group }: CloudGroup, update: readonly Member[]): void {
  const count = update.filter(({ joined }) => joined).length
  const noun = count === 1 ? 'node' : 'nodes'
  const name = JSON.stringify(group.metadata.name)
  if (count > 0) kops.log('I', `${source}:364`, `Tainting ${count} ${noun} in ${name} instancegroup.`)
}

async function detach({ kops, cluster }: Roll, { name }: CloudGroup, { id }: Member): Promise<void> {
  const cloud = kops.cloud(regionOf(cluster))
  kops.log('I', `${source}:631`, `Detaching instance "${id}", node "${id}", in group "${name}".`)
  await cloud.query('ec2', 'CreateTags', {
    'ResourceId.1': id,
    'Tag.1.Key': detachedFrom,
    'Tag.1.Value': name,
  })
  await scaling(cloud, 'DetachInstances', {
    AutoScalingGroupName: name,
    ...members('InstanceIds.member', [id]),
    ShouldDecrementDesiredCapacity: false,
  })
}

async function drainAndTerminate(roll: Roll, group: CloudGroup, { id, joined }: Member): Promise<void> {
  const { kops, cluster, settings, all } = roll
  const { name } = cluster.metadata
  if (roll.cloudOnly) {
    kops.log('W', `${source}:450`, "Not draining cluster nodes as 'cloudonly' flag is set.")
  } else if (joined) {
    kops.log('I', `${source}:453`, `Draining the node: "${id}".`)
    const controlPlanes = all.filter(isControlPlane).reduce((sum, { spec }) => sum + spec.minSize, 0)
    if (isControlPlane(group.group) && controlPlanes <= 1) {
      const role = `as part of instancegroup with role "ControlPlane"`
      kops.log('I', `${source}:720`, `skipping deregistration of instance "${id}", ${role}`)
    } else await deregister(kops, cluster, group.name, id)
    await drainNode(kops, cluster, id, settings.drainTimeout)
    kops.log(
      'I',
      `${source}:742`,
      `Waiting for ${settings.postDrainDelay / 1000}s for pods to stabilize after draining.`,
    )
    await kops.world.wait(settings.postDrainDelay)
  } else {
    const why = 'because it is not registered in kubernetes'
    kops.log('W', `${source}:462`, `Skipping drain of instance "${id}", ${why}`)
  }
  await passPoint(kops, 'roll-drain', name)
  const what = `Stopping instance "${id}", node "${id}", in group "${group.name}"`
  kops.log('I', `${source}:654`, `${what} (this may take a while).`)
  await kops.cloud(regionOf(cluster)).query('ec2', 'TerminateInstances', { 'InstanceId.1': id })
  await passPoint(kops, 'roll-terminate', name)
}

/** Waits until the cluster is healthy as far as the group goes, as often in a row as is asked. */
async function validate(roll: Roll, cloud: CloudGroup, operation: string, count: number): Promise<void> {
  const { kops, store, cluster, all, settings } = roll
  if (roll.cloudOnly)
    return kops.log('W', `${source}:528`, 'Not validating cluster as cloudonly flag is set.')
  const say = (line: number, message: string) => kops.log('I', `${source}:${line}`, message)
  say(530, 'Validating the cluster.')
  const deadline = kops.world.waited() + settings.validationTimeout
  for (let successes = 0; ; ) {
    const found = await inspectCluster(kops, store, cluster, all).catch(error => {
      if (error instanceof ToolError) return error.message
      throw error
    })
    if (typeof found !== 'string' && !found.failures.some(failure => concerns(failure, cloud))) {
      successes += 1
      if (successes >= count) return say(566, 'Cluster validated.')
      say(569, `Cluster validated; revalidating in ${flapping / 1000}s to make sure it does not flap.`)
      await kops.world.wait(flapping)
      continue
    }
    successes = 0
    const why = typeof found === 'string' ? found : found.failures.map(({ message }) => message).join(', ')
    const verb = typeof found === 'string' ? 'validate' : 'pass validation'
    if (kops.world.waited() >= deadline) {
      say(586, `Cluster did not ${verb} within deadline: ${why}.`)
      const minutes = `${settings.validationTimeout / 60_000}m0s`
      kops.log('E', `${source}:535`, `Cluster did not validate within ${minutes}`)
      throw new ToolError(
        `error validating cluster${operation}: cluster did not validate within a duration of "${minutes}"`,
      )
    }
    say(589, `Cluster did not ${verb}, will retry in "${tick / 1000}s": ${why}.`)
    await kops.world.wait(tick)
  }
}

function concerns({ instanceGroup }: Failure, { group }: CloudGroup): boolean {
  const about = instanceGroup as { metadata: { name: string }; spec: { role: string } } | undefined
  if (about === undefined || about.spec.role === 'ControlPlane') return true
  return about.metadata.name === group.metadata.name
}
