import { parse } from 'yaml'
import { ToolError } from '../terminal.ts'
import type { Cluster, InstanceGroup } from './cluster-object.ts'

// The fields of a v1alpha2 cluster spec; kops refuses others because it walks Go structs.
const clusterFields = new Set(
  `additionalNetworkCIDRs additionalPolicies additionalSans addons api assets authentication authorization
  awsLoadBalancerController certManager channel cloudConfig cloudControllerManager cloudLabels cloudProvider
  clusterAutoscaler clusterDNSDomain configBase configStore containerd containerRuntime dnsControllerGossipConfig
  dnsZone egressProxy encryptionConfig etcdClusters externalDNS externalPolicies fileAssets gcpServiceAccount
  hooks iam isolateMasters karpenter kubeAPIServer kubeControllerManager kubeDNS kubeProxy kubeScheduler kubelet
  kubernetesApiAccess kubernetesVersion masterInternalName masterKubelet masterPublicName metricsServer
  networkCIDR networkID networking nodeAuthorization nodePortAccess nodeProblemDetector nodeTerminationHandler
  nonMasqueradeCIDR podIdentityWebhook project rollingUpdate secretStore serviceAccountIssuerDiscovery
  serviceClusterIPRange snapshotController sshAccess sshKeyName subnets sysctlParameters tagSubnets target
  topology updatePolicy useHostCertificates warmPool`.split(/\s+/),
)

// The same for instance groups.
const groupFields = new Set(
  `additionalSecurityGroups additionalUserData associatePublicIp autoscale capacityRebalance cloudLabels containerd
  cpuCredits detailedInstanceMonitoring fileAssets hooks iam image instanceMetadata instanceProtection kubelet
  machineType manager maxInstanceLifetime maxPrice maxSize minSize mixedInstancesPolicy nodeLabels packages role
  rollingUpdate rootVolumeEncryption rootVolumeIops rootVolumeSize rootVolumeThroughput rootVolumeType
  securityGroupOverride subnets suspendProcesses sysctlParameters taints tenancy updatePolicy volumes warmPool
  zones`.split(/\s+/),
)

const lists = new Set(['additionalSecurityGroups', 'instances'])
const texts = new Set(['maxPrice'])

/** Applies one `--set` (`spec.kubelet.maxPods=50`) to a cluster. Throws `ToolError` on a field that kops lacks. */
export function setField(cluster: Cluster, assignment: string): void {
  assign(cluster.spec, assignment.replace(/^cluster\./, ''), clusterFields)
}

/** Applies one `--set` (`spec.minSize=2`) to an instance group. Throws `ToolError` on a field that kops lacks. */
export function setGroupField(group: InstanceGroup, assignment: string): void {
  assign(group.spec, assignment.replace(/^instancegroup\./, ''), groupFields)
}

/** Applies one `--unset` to an instance group; what is not there is not found, as kops walks no further than there is. */
export function unsetGroupField(group: InstanceGroup, path: string): void {
  const [root, ...keys] = path.replace(/^instancegroup\./, '').split('.')
  const place = keys
    .slice(0, -1)
    .reduce<unknown>((each, key) => (each as Record<string, unknown> | undefined)?.[key], group.spec)
  const field = keys.at(-1) ?? ''
  if (root !== 'spec' || !groupFields.has(keys[0] ?? '') || typeof place !== 'object')
    throw new ToolError(`field ${path} not found in *InstanceGroup`)
  delete (place as Record<string, unknown>)[field]
}

/** Applies one `--unset` (`spec.sshAccess`) to a cluster. Throws `ToolError` on a field that kops lacks. */
export function unsetField(cluster: Cluster, path: string): void {
  const [root, field, ...deeper] = path.split('.')
  if (root !== 'spec' || field === undefined || deeper.length > 0 || !clusterFields.has(field))
    throw new ToolError(`failed to unset ${JSON.stringify(path)}: field "${path}" not found`)
  delete (cluster.spec as Record<string, unknown>)[field]
}

function assign(spec: Record<string, unknown>, assignment: string, knownFields: Set<string>): void {
  const [, path, value] = /^([^=]+)=(.*)$/s.exec(assignment) ?? []
  if (path === undefined || value === undefined) {
    throw new ToolError(`unhandled set argument: ${JSON.stringify(assignment)}`)
  }
  const [root, ...keys] = path.split('.')
  if (root !== 'spec' || keys[0] === undefined || !knownFields.has(keys[0])) {
    throw new ToolError(`failed to set ${JSON.stringify(path)}: field "${path}" not found`)
  }
  let place = spec
  for (const key of keys.slice(0, -1)) place = descend(place, key)
  const field = keys.at(-1) ?? ''
  // kops divides a list at its commas and puts it behind what is there.
  if (lists.has(field))
    place[field] = [...((place[field] as string[] | undefined) ?? []), ...value.split(',')]
  else place[field] = texts.has(field) ? value : parse(value)
}

function descend(place: Record<string, unknown>, key: string): Record<string, unknown> {
  const next = place[key]
  if (typeof next === 'object' && next !== null) return next as Record<string, unknown>
  const fresh: Record<string, unknown> = {}
  place[key] = fresh
  return fresh
}
