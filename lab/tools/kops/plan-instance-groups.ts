import type { Flags } from '../flags.ts'
import { ToolError } from '../terminal.ts'
import type { InstanceGroup } from './cluster-object.ts'

const defaultImage = '099720109477/ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260714'

export type ControlPlane = { group: string; zone: string; member: string }

/** The control planes that the flags describe, spread over their zones in turn. Pure; throws `ToolError`. */
export function planControlPlanes(flags: Flags): ControlPlane[] {
  const given = [...flags.list('control-plane-zones'), ...flags.list('master-zones')]
  const count = controlPlaneCount(flags) ?? Math.max(1, given.length)
  const zones = given.length > 0 ? given : flags.list('zones').slice(0, count)
  if (count % 2 === 0) {
    throw new ToolError(
      "there should be an odd number of control-plane-zones, for etcd's quorum.  Hint: Use --zones and --control-plane-zones to declare node zones and control-plane zones separately",
    )
  }
  return Array.from({ length: count }, (_, index) => {
    const zone = zones[index % zones.length] ?? ''
    const suffix = count > zones.length ? `-${1 + Math.floor(index / zones.length)}` : ''
    return { group: `control-plane-${zone}${suffix}`, zone, member: `${zone.slice(-1)}${suffix}` }
  })
}

/** The groups that the flags of `create cluster` describe. Pure; throws `ToolError`. */
export function planInstanceGroups(name: string, flags: Flags): InstanceGroup[] {
  const zones = flags.list('zones')
  const nodes = flags.given('node-count') ? flags.number('node-count') : zones.length
  return [
    ...planControlPlanes(flags).map(({ group, zone }) => planGroup(name, group, 'Master', zone, 1, flags)),
    ...zones.map((zone, index) => {
      const share = Math.floor(nodes / zones.length) + (index < nodes % zones.length ? 1 : 0)
      return planGroup(name, `nodes-${zone}`, 'Node', zone, share, flags)
    }),
  ]
}

function controlPlaneCount(flags: Flags): number | undefined {
  const flag = ['control-plane-count', 'master-count'].find(name => flags.given(name))
  return flag === undefined ? undefined : flags.number(flag)
}

function planGroup(
  cluster: string,
  name: string,
  role: 'Master' | 'Node',
  zone: string,
  size: number,
  flags: Flags,
): InstanceGroup {
  const machineTypes = machineTypesOf(role, flags)
  const imageFlags = role === 'Master' ? ['control-plane-image', 'master-image'] : ['node-image']
  const image = [...imageFlags, 'image'].map(flag => flags.text(flag)).find(Boolean) ?? defaultImage
  const volume = flags.number(role === 'Master' ? 'control-plane-volume-size' : 'node-volume-size')
  return {
    apiVersion: 'kops.k8s.io/v1alpha2',
    kind: 'InstanceGroup',
    metadata: { creationTimestamp: null, labels: { 'kops.k8s.io/cluster': cluster }, name },
    spec: {
      image,
      machineType: machineTypes[0] ?? 't3.medium',
      maxSize: size,
      minSize: size,
      ...(machineTypes.length > 1 && { mixedInstancesPolicy: { instances: machineTypes } }),
      role,
      ...(volume > 0 && { rootVolumeSize: volume }),
      subnets: [zone],
    },
  }
}

function machineTypesOf(role: 'Master' | 'Node', flags: Flags): string[] {
  if (role === 'Node') return flags.list('node-size')
  const given = flags.list('control-plane-size')
  return given.length > 0 ? given : flags.list('master-size')
}
