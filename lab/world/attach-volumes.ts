import { clusterOf, type Resource, textAttribute } from './resource.ts'
import type { World } from './world.ts'

const etcd = 'k8s.io/etcd/'

/**
 * What a control plane's machine does when it starts: it attaches the free volumes of its cluster in its zone, one of
 * each etcd.
 */
export function attachVolumes(world: World, instance: Resource): void {
  if (!isControlPlane(instance)) return
  const { account, region, attributes } = instance
  const cluster = clusterOf(instance)
  const volumes = world.inventory
    .list({ type: 'volume', account, region })
    .filter(volume => clusterOf(volume) === cluster && isControlPlane(volume))
    .filter(volume => volume.attributes.availabilityZone === attributes.availabilityZone)
    .filter(volume => world.inventory.get(textAttribute(volume, 'instanceId') ?? '') === undefined)
  for (const key of new Set(
    volumes.flatMap(({ tags }) => Object.keys(tags)).filter(tag => tag.startsWith(etcd)),
  )) {
    const volume = volumes.find(({ tags }) => key in tags)
    if (volume)
      Object.assign(volume, {
        state: 'in-use',
        attributes: { ...volume.attributes, instanceId: instance.id },
      })
  }
}

const isControlPlane = ({ tags }: Resource) => 'k8s.io/role/control-plane' in tags
