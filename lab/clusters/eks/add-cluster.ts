import {
  type Account,
  type Aws,
  clusterAdminPolicy,
  type EksCluster,
  type NewEntry,
  putEntry,
} from '@meridian/lab-aws'
import { createAuthority } from '@meridian/lab-kube-api/certificates'
import { type ClusterSpec, randomText, type World } from '@meridian/lab-world'
import type { KubeHost } from '../host.ts'
import { addNodes, addVpc } from './account-parts.ts'
import { mapByConfigMap } from './aws-auth.ts'
import { eksKind } from './eks-kind.ts'
import { createHandle, type EksHandle } from './handle.ts'
import { patchOf } from './upgrade.ts'

/** A cluster of EKS that somebody has, without Meridian. Everything has a default that most clusters have. */
export type NewEks = Partial<
  Pick<
    EksCluster,
    | 'authenticationMode'
    | 'autoMode'
    | 'endpointPrivateAccess'
    | 'endpointPublicAccess'
    | 'issues'
    | 'publicAccessCidrs'
    | 'status'
    | 'tags'
    | 'version'
  >
> & {
  /** us-east-1 by default. */
  region?: string
  /** Whose it is; the main account's by default. */
  account?: Account
  /** ARNs of those who may do everything; by default the account's user and the role of its sessions. */
  admins?: readonly string[]
  /** Other access entries, by ARN. */
  access?: Readonly<Record<string, NewEntry>>
  nodes?: number
  nodeSize?: string
  /** The AWS load balancer controller is installed in it. */
  loadBalancerController?: boolean
  /** There is a driver for volumes, and claims get one by default: a new cluster of EKS has neither. */
  defaultStorageClass?: boolean
}

type Home = { world: World; aws: Aws; clusters: KubeHost }

/**
 * Makes a cluster of EKS that has been there for long: it serves, and its nodes are ready, when this returns. One that is
 * being created, or has failed to be, has neither endpoint nor API until `become('ACTIVE')`.
 */
export async function addEksCluster(home: Home, name: string, given: NewEks = {}): Promise<EksHandle> {
  const { world, aws } = home
  const { account, region = 'us-east-1', version = '1.35', status = 'ACTIVE', nodes = 2, nodeSize } = given
  const owner = account?.id ?? world.accountId
  const place = { account: owner, region, name }
  const vpc = addVpc(world, place)
  const machines = { size: nodes, instanceType: nodeSize ?? 't3.large', autoMode: given.autoMode ?? false }
  const { nodegroups, spec: specNodes } = addNodes(world, place, vpc, machines)
  const authority = await createAuthority('kubernetes')
  const id = randomText(world.random, 10)
  const cluster = aws.eks.add({
    ...pickGiven(given),
    ...place,
    version,
    vpc,
    nodegroups,
    authorities: [{ id, certificate: authority.certificate, createdBy: 'EKS' }],
    activeAuthority: id,
  })
  admit(cluster, given, world.clock.now())
  const spec: ClusterSpec = {
    name,
    ...(account && { account: account.id }),
    region,
    vpcId: vpc.vpcId,
    controlPlanes: [],
    nodes: specNodes,
    kubernetesVersion: patchOf(version),
    apiHost: new URL(cluster.endpoint ?? '').hostname,
    authority,
  }
  const kind = eksKind({
    autoMode: cluster.autoMode,
    loadBalancerController: given.loadBalancerController ?? false,
    defaultStorageClass: given.defaultStorageClass ?? false,
    authenticate: (token, store) =>
      aws.eks.authenticate(cluster, token, caller => mapByConfigMap(store, caller)),
  })
  const handle = createHandle(home, cluster, spec, kind)
  await handle.become(status, given.issues)
  return handle
}

function pickGiven(given: NewEks): Partial<EksCluster> {
  const { authenticationMode, autoMode, endpointPrivateAccess, endpointPublicAccess } = given
  const { publicAccessCidrs, tags } = given
  const named = {
    authenticationMode,
    autoMode,
    endpointPrivateAccess,
    endpointPublicAccess,
    publicAccessCidrs,
    tags,
  }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined))
}

/** Lets in whom the cluster shall know. */
function admit(cluster: EksCluster, { admins, access = {} }: NewEks, now: number): void {
  const { account } = cluster
  const everything = { policies: [{ policyArn: clusterAdminPolicy }] }
  const own = [`arn:aws:iam::${account}:user/lab`, `arn:aws:iam::${account}:role/deployer`]
  for (const arn of admins ?? own) putEntry(cluster, arn, everything, now)
  for (const [arn, entry] of Object.entries(access)) putEntry(cluster, arn, entry, now)
}
