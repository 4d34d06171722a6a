import {
  type AccessEntry,
  type AccessPolicy,
  type EksCluster,
  type Nodegroup,
  trustBundle,
} from './cluster.ts'

/** Seconds since the epoch, as this protocol has times. */
const seconds = (at: number) => at / 1000

/** A cluster as DescribeCluster has it; one that is being created has no endpoint and no authority yet. */
export function describeCluster(cluster: EksCluster): object {
  const { account, region, name, status, endpoint, vpc, autoMode } = cluster
  const certificate = {
    data: Buffer.from(trustBundle(cluster)).toString('base64'),
    active: { id: cluster.activeAuthority, activatedBy: 'EKS' },
  }
  const oidc = endpoint && {
    issuer: `https://oidc.eks.${region}.amazonaws.com/id/${new URL(endpoint).hostname.split('.')[0]?.toUpperCase()}`,
  }
  return {
    name,
    arn: cluster.arn,
    createdAt: seconds(cluster.createdAt),
    version: cluster.version,
    ...(endpoint && { endpoint }),
    roleArn: `arn:aws:iam::${account}:role/eks-${name}-cluster`,
    resourcesVpcConfig: {
      ...vpc,
      securityGroupIds: [],
      endpointPublicAccess: cluster.endpointPublicAccess,
      endpointPrivateAccess: cluster.endpointPrivateAccess,
      publicAccessCidrs: cluster.publicAccessCidrs,
    },
    kubernetesNetworkConfig: {
      serviceIpv4Cidr: '10.100.0.0/16',
      ipFamily: 'ipv4',
      elasticLoadBalancing: { enabled: autoMode },
    },
    logging: {
      clusterLogging: [
        { types: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'], enabled: false },
      ],
    },
    ...(oidc && { identity: { oidc } }),
    status,
    ...(endpoint && { certificateAuthority: certificate }),
    platformVersion: cluster.platformVersion,
    tags: cluster.tags,
    health: { issues: cluster.issues },
    accessConfig: { authenticationMode: cluster.authenticationMode },
    upgradePolicy: { supportType: 'EXTENDED' },
    deletionProtection: false,
    ...(autoMode && {
      computeConfig: {
        enabled: true,
        nodePools: ['general-purpose', 'system'],
        nodeRoleArn: `arn:aws:iam::${account}:role/eks-${name}-nodes`,
      },
      storageConfig: { blockStorage: { enabled: true } },
    }),
  }
}

/** A node group as DescribeNodegroup shows it: always ACTIVE and without issues. */
export function describeNodegroup(cluster: EksCluster, group: Nodegroup): object {
  const { account, region, name, version, vpc } = cluster
  return {
    nodegroupName: group.name,
    nodegroupArn: `arn:aws:eks:${region}:${account}:nodegroup/${name}/${group.name}/${group.autoscalingGroup.slice(-36)}`,
    clusterName: name,
    version,
    createdAt: seconds(cluster.createdAt),
    modifiedAt: seconds(cluster.createdAt),
    status: 'ACTIVE',
    capacityType: 'ON_DEMAND',
    scalingConfig: { minSize: 1, maxSize: group.size + 1, desiredSize: group.size },
    instanceTypes: [group.instanceType],
    subnets: vpc.subnetIds,
    amiType: 'AL2023_x86_64_STANDARD',
    nodeRole: `arn:aws:iam::${account}:role/eks-${name}-nodes`,
    diskSize: 20,
    resources: { autoScalingGroups: [{ name: group.autoscalingGroup }] },
    health: { issues: [] },
    updateConfig: { maxUnavailable: 1 },
    tags: {},
  }
}

/** An access entry as DescribeAccessEntry shows it. */
export function describeEntry({ name }: EksCluster, entry: AccessEntry): object {
  const { principalArn, accessEntryArn, username, kubernetesGroups, tags } = entry
  return {
    clusterName: name,
    principalArn,
    kubernetesGroups,
    accessEntryArn,
    createdAt: seconds(entry.createdAt),
    modifiedAt: seconds(entry.modifiedAt),
    tags,
    username,
    type: 'STANDARD',
  }
}

/** An access policy as it is associated with an entry. */
export function describePolicy({ policyArn, accessScope, associatedAt }: AccessPolicy): object {
  const at = seconds(associatedAt)
  return { policyArn, accessScope, associatedAt: at, modifiedAt: at }
}
