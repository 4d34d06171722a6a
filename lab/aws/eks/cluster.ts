/** Whom a cluster lets in: a role or a user, under a name and with groups of Kubernetes, and with policies of EKS. */
export type AccessEntry = {
  principalArn: string
  accessEntryArn: string
  username: string
  kubernetesGroups: string[]
  policies: AccessPolicy[]
  tags: Record<string, string>
  createdAt: number
  modifiedAt: number
}

export type AccessPolicy = {
  policyArn: string
  accessScope: { type: 'cluster' | 'namespace'; namespaces: string[] }
  associatedAt: number
}

export type ClusterStatus = 'PENDING' | 'CREATING' | 'ACTIVE' | 'UPDATING' | 'FAILED' | 'DELETING'
type AuthenticationMode = 'API' | 'API_AND_CONFIG_MAP' | 'CONFIG_MAP'

export type EndpointAccess = {
  endpointPublicAccess: boolean
  endpointPrivateAccess: boolean
  publicAccessCidrs: string[]
}

/** An authority that a cluster trusts; `active` has signed what its API serves with. */
type TrustedAuthority = { id: string; certificate: string; createdBy: 'EKS' | 'CUSTOMER' }

/** A managed node group. */
export type Nodegroup = {
  name: string
  instanceType: string
  size: number
  autoscalingGroup: string
}

/** A cluster as EKS knows it. Times are milliseconds since the epoch. */
export type EksCluster = EndpointAccess & {
  account: string
  region: string
  name: string
  arn: string
  /** Without patch: `1.35`. */
  version: string
  platformVersion: string
  status: ClusterStatus
  issues: { code: string; message: string; resourceIds: string[] }[]
  /** `https://…`; undefined until there is one. */
  endpoint: string | undefined
  /** The trust bundle: during a rotation there are two. */
  authorities: TrustedAuthority[]
  activeAuthority: string
  vpc: { vpcId: string; subnetIds: string[]; clusterSecurityGroupId: string }
  authenticationMode: AuthenticationMode
  /** By canonical ARN of who is let in. */
  entries: Map<string, AccessEntry>
  nodegroups: Nodegroup[]
  /** EKS itself runs nodes, volumes and load balancers. */
  autoMode: boolean
  tags: Record<string, string>
  createdAt: number
}

/** PEM of everything that a client has to trust. */
export const trustBundle = ({ authorities }: Pick<EksCluster, 'authorities'>): string =>
  authorities.map(({ certificate }) => certificate).join('')
