import { UserError } from '@meridian/runner'
import type { Aws } from '../credentials/aws.ts'
import { dnsSuffix } from '../regions/regions.ts'
import { errorCode } from '../requests/errors.ts'
import { type SignedService, sendSigned } from '../requests/signed-request.ts'
import type { EksPlace } from './eks-token.ts'

/** What EKS says of a cluster, as far as it matters here. */
export type EksCluster = {
  readonly name: string
  readonly arn: string
  /** `1.35` */
  readonly version: string
  /** CREATING, ACTIVE, UPDATING, FAILED, DELETING, PENDING. */
  readonly status: string
  /** '' until the cluster has one. */
  readonly endpoint: string
  /** PEM; two certificates while EKS changes its authority. '' until the cluster has one. */
  readonly authority: string
  readonly publicAccess: boolean
  readonly privateAccess: boolean
  /** Networks that may reach the public endpoint. */
  readonly publicCidrs: readonly string[]
  /** Whether it heeds access entries: the authentication mode CONFIG_MAP does not. */
  readonly accessEntries: boolean
  /** Whether EKS makes its nodes as pods need them: none is normal then. */
  readonly autoMode: boolean
}

const eks: SignedService = {
  name: 'eks',
  variable: 'EKS',
  host: region => `eks.${region}.${dnsSuffix(region)}`,
}

type Described = {
  cluster?: {
    name?: string
    arn?: string
    version?: string
    status?: string
    endpoint?: string
    certificateAuthority?: { data?: string }
    computeConfig?: { enabled?: boolean }
    accessConfig?: { authenticationMode?: string }
    resourcesVpcConfig?: {
      endpointPublicAccess?: boolean
      endpointPrivateAccess?: boolean
      publicAccessCidrs?: string[]
    }
  }
}

/** What EKS says of a cluster; undefined where it says itself that there is none of that name in that region. */
export async function describeEks(aws: Aws, { region, eksName }: EksPlace): Promise<EksCluster | undefined> {
  const path = `/clusters/${encodeURIComponent(eksName)}`
  const text = await sendSigned(aws, eks, { region, operation: 'DescribeCluster', path }).catch(error => {
    if (errorCode(error) === 'ResourceNotFoundException') return undefined
    throw error
  })
  return text === undefined ? undefined : readCluster(text, eksName)
}

/** Reads EKS's answer; what does not tell of the cluster that was asked for is an Error. Exported for its tests. */
function readCluster(text: string, eksName: string): EksCluster {
  const { cluster } = JSON.parse(text) as Described
  if (cluster?.name !== eksName || cluster.status === undefined)
    throw new Error(`EKS answered DescribeCluster of ${eksName} with something else than that cluster`)
  const { resourcesVpcConfig: reach = {}, certificateAuthority } = cluster
  return {
    name: cluster.name,
    arn: cluster.arn ?? '',
    version: cluster.version ?? '',
    status: cluster.status,
    endpoint: cluster.endpoint ?? '',
    authority: Buffer.from(certificateAuthority?.data ?? '', 'base64').toString('utf8'),
    // EKS always says it; a cluster is public unless told.
    publicAccess: reach.endpointPublicAccess ?? true,
    privateAccess: reach.endpointPrivateAccess ?? false,
    publicCidrs: reach.publicAccessCidrs ?? [],
    accessEntries: cluster.accessConfig?.authenticationMode !== 'CONFIG_MAP',
    autoMode: cluster.computeConfig?.enabled ?? false,
  }
}

/** Where to put right what is wrong with a cluster, on a command line. */
const place = ({ region, eksName }: EksPlace) => `--region ${region} --name ${eksName}`

/** EKS itself says that there is no such cluster: there is nothing in it either. */
export class AbsentClusterError extends UserError {
  override readonly name = 'AbsentClusterError'
}

/** Why a cluster cannot be used as it is; undefined where it can, also while EKS updates it. Pure. */
export function judgeEks(cluster: EksCluster | undefined, at: EksPlace): UserError | undefined {
  const { region, eksName } = at
  const refuse = (message: string, fix: string) => new UserError(message, { fix, input: 'clusters' })
  if (cluster === undefined)
    return new AbsentClusterError(
      `there is no EKS cluster '${eksName}' in ${region}, in the account of the credentials`,
      {
        fix: `\`aws eks list-clusters --region ${region}\` lists those that are there. Give its name as eksName, its region, and for another account a role there. Meridian does not make EKS clusters.`,
        input: 'clusters',
      },
    )
  const what = `the EKS cluster ${eksName} in ${region}`
  if (cluster.status === 'CREATING' || cluster.status === 'PENDING')
    return refuse(
      `${what} is being created`,
      `Wait for it, and run again: \`aws eks wait cluster-active ${place(at)}\`.`,
    )
  if (cluster.status === 'DELETING') return refuse(`${what} is being deleted`, 'Leave it out of clusters.')
  if (cluster.status === 'FAILED')
    return refuse(
      `${what} has failed`,
      `\`aws eks describe-cluster ${place(at)} --query cluster.health\` says why.`,
    )
  if (!cluster.endpoint.startsWith('https://') || !cluster.authority.includes('BEGIN CERTIFICATE'))
    return refuse(
      `${what} has no API endpoint with a certificate authority yet (its status is ${cluster.status})`,
      'Run again once it has.',
    )
  return undefined
}

/** Why no answer may come from a cluster's API, as a sentence; '' where nothing but a fault explains it. Pure. */
export function explainSilence(
  { publicAccess, publicCidrs }: Pick<EksCluster, 'publicAccess' | 'publicCidrs'>,
  at: EksPlace,
): string {
  const open = (cidrs: string) =>
    `\`aws eks update-cluster-config ${place(at)} --resources-vpc-config ${cidrs}\``
  if (!publicAccess)
    return `Its endpoint is private: only its own VPC and networks that are joined to it reach it. Run the job on a runner in there, and have the federation's host reach it too; or open it to chosen networks: ${open('endpointPublicAccess=true,publicAccessCidrs=203.0.113.0/24')}.`
  if (publicCidrs.length > 0 && !publicCidrs.includes('0.0.0.0/0'))
    return `Its public endpoint takes requests from ${publicCidrs.join(', ')} only: the runner, and the machines of the federation's host, must be in one of these networks. To add one, name them all: ${open(`publicAccessCidrs=${publicCidrs.join(',')},203.0.113.0/24`)}.`
  return ''
}

const adminPolicy = 'AmazonEKSClusterAdminPolicy'

/**
 * How a role or user gets access to a cluster, as commands of the AWS CLI: access entries where it does not heed them yet,
 * the entry, and the rights. Pure.
 */
export function accessCommands(
  principal: string,
  { region, eksName }: EksPlace,
  { accessEntries }: Pick<EksCluster, 'accessEntries'>,
): string[] {
  const partition = principal.split(':')[1] || 'aws'
  const who = `--region ${region} --cluster-name ${eksName} --principal-arn ${principal}`
  const mode = 'authenticationMode=API_AND_CONFIG_MAP'
  return [
    ...(accessEntries
      ? []
      : [`aws eks update-cluster-config --region ${region} --name ${eksName} --access-config ${mode}`]),
    `aws eks create-access-entry ${who}`,
    `aws eks associate-access-policy ${who} --policy-arn arn:${partition}:eks::aws:cluster-access-policy/${adminPolicy} --access-scope type=cluster`,
  ]
}
