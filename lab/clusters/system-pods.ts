import type { KubeObject } from '@meridian/lab-kube-api'
import { randomText } from '@meridian/lab-world'
import type { MachineRole, Role } from './nodes.ts'

export type Component = {
  name: string
  on: Role | 'all'
  image: string
  kind: 'static' | 'daemon' | 'replicated'
}

const components: Component[] = [
  {
    name: 'etcd-manager-events',
    on: 'control-plane',
    kind: 'static',
    image: 'etcd-manager-slim:v3.0.20250917',
  },
  {
    name: 'etcd-manager-main',
    on: 'control-plane',
    kind: 'static',
    image: 'etcd-manager-slim:v3.0.20250917',
  },
  { name: 'kube-apiserver', on: 'control-plane', kind: 'static', image: 'kube-apiserver' },
  { name: 'kube-controller-manager', on: 'control-plane', kind: 'static', image: 'kube-controller-manager' },
  { name: 'kube-scheduler', on: 'control-plane', kind: 'static', image: 'kube-scheduler' },
  {
    name: 'aws-cloud-controller-manager',
    on: 'control-plane',
    kind: 'daemon',
    image: 'cloud-controller-manager',
  },
  { name: 'kops-controller', on: 'control-plane', kind: 'daemon', image: 'kops-controller' },
  { name: 'cilium-operator', on: 'control-plane', kind: 'replicated', image: 'cilium/operator' },
  { name: 'ebs-csi-controller', on: 'control-plane', kind: 'replicated', image: 'aws-ebs-csi-driver' },
  { name: 'cilium', on: 'all', kind: 'daemon', image: 'cilium/cilium' },
  { name: 'ebs-csi-node', on: 'all', kind: 'daemon', image: 'aws-ebs-csi-driver' },
  { name: 'coredns', on: 'node', kind: 'replicated', image: 'coredns/coredns' },
  { name: 'coredns-autoscaler', on: 'node', kind: 'replicated', image: 'cluster-proportional-autoscaler' },
]

/** The kube-system pods that a kops cluster runs on a machine, pending, as kops names and prioritises them. */
export function buildSystemPods(entry: MachineRole, random: () => number): KubeObject[] {
  return podsOf(components, entry, random)
}

/** The pods of components that run on a machine, pending. */
export function podsOf(
  components: readonly Component[],
  { machine, role }: MachineRole,
  random: () => number,
): KubeObject[] {
  return components
    .filter(component => component.on === 'all' || component.on === role)
    .map(component => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: podName(component, machine.name, random),
        namespace: 'kube-system',
        labels: { 'k8s-app': component.name },
      },
      spec: {
        nodeName: machine.name,
        priorityClassName:
          component.kind === 'replicated' ? 'system-cluster-critical' : 'system-node-critical',
        containers: [{ name: component.name, image: component.image }],
        tolerations: [{ operator: 'Exists' }],
      },
      status: { phase: 'Pending' },
    }))
}

function podName(component: Component, machine: string, random: () => number): string {
  const suffix = (length: number) => randomText(random, length, 'bcdfghjklmnpqrstvwxz2456789')
  if (component.kind === 'static') return `${component.name}-${machine}`
  if (component.kind === 'daemon') return `${component.name}-${suffix(5)}`
  return `${component.name}-${suffix(9)}-${suffix(5)}`
}
