import { attachVolumes } from './attach-volumes.ts'
import { findLaunchObstacle, machineOf } from './machine-choice.ts'
import type { Resource } from './resource.ts'
import { terminateInstance } from './terminate-instance.ts'
import type { World } from './world.ts'

/** The instances that a group has and means to keep; with `ending` those too that are on their way out. */
export function instancesOf(world: World, group: Resource, { ending = false } = {}): Resource[] {
  return world.inventory.list(
    ({ type, account, region, state, tags }) =>
      type === 'instance' &&
      account === group.account &&
      region === group.region &&
      (ending || state !== 'shutting-down') &&
      tags['aws:autoscaling:groupName'] === group.name,
  )
}

/** The group that an instance belongs to, if it still exists. */
export function groupOf(world: World, instance: Resource): Resource | undefined {
  const name = instance.tags['aws:autoscaling:groupName']
  const { account, region } = instance
  const [group] = world.inventory.list({ type: 'autoscaling-group', account, region, name })
  return name === undefined ? undefined : group
}

/** Launches what a group lacks and terminates what it has too much, as its desired capacity says. */
export function fillGroup(world: World, group: Resource): void {
  const present = instancesOf(world, group)
  const wanted = Number(group.attributes.desiredCapacity ?? group.attributes.minSize ?? 0)
  for (const surplus of present.slice(wanted)) terminateInstance(world, surplus)
  for (let count = present.length; count < wanted; count += 1) {
    const obstacle = findLaunchObstacle(world, group)
    noteActivity(world, group, obstacle)
    if (obstacle !== undefined) return
    launch(world, group)
  }
}

/** What a group could not launch it tries again for as long as it lacks it: by when somebody looks it has. */
export function retryLaunches(world: World, group: Resource): void {
  const wanted = Number(group.attributes.desiredCapacity ?? group.attributes.minSize ?? 0)
  const replaces = instancesOf(world, group, { ending: true }).length >= wanted
  if (!replaces && findLaunchObstacle(world, group) === undefined) fillGroup(world, group)
}

/** Lets an instance go its own way; the group launches another in its place. */
export function detachInstance(world: World, group: Resource, instance: Resource): void {
  delete instance.tags['aws:autoscaling:groupName']
  fillGroup(world, group)
}

/** Sets the limits of a group; how many instances it has follows only where it must, as in AWS. */
export function resizeGroup(world: World, group: Resource, size: { minSize: number; maxSize: number }): void {
  const { minSize, maxSize } = size
  const present = Number(group.attributes.desiredCapacity ?? group.attributes.minSize ?? 0)
  const desiredCapacity = Math.min(Math.max(present, minSize), maxSize)
  Object.assign(group.attributes, { minSize, maxSize, desiredCapacity })
  fillGroup(world, group)
}

function noteActivity(world: World, group: Resource, message: string | undefined): void {
  world.activities.push({
    account: group.account,
    group: group.name ?? group.id,
    at: world.clock.now(),
    status: message === undefined ? 'Successful' : 'Failed',
    description: 'Launching a new EC2 instance',
    ...(message !== undefined && { message }),
  })
}

function launch(world: World, group: Resource): void {
  const { availabilityZone, subnetId, vpcId, launchTemplate } = group.attributes
  const instance = world.inventory.add({
    type: 'instance',
    account: group.account,
    region: group.region,
    name: group.name ?? group.id,
    state: 'running',
    tags: { ...group.tags, 'aws:autoscaling:groupName': group.name ?? group.id },
    attributes: {
      ...machineOf(world, group, instancesOf(world, group)),
      availabilityZone,
      subnetId,
      vpcId,
      launchTemplate,
    },
  })
  attachVolumes(world, instance)
}
