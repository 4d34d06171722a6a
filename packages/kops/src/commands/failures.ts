import { UserError } from '@meridian/runner'
import {
  classifyFailure,
  explainFailure,
  findKnown,
  type KnownFailure,
  proxyAdvice,
  proxyFailure,
  ToolFailure,
} from '@meridian/tools'

type Category =
  | 'absent'
  | 'exists'
  | 'half-made'
  | 'input'
  | 'version'
  | 'dns'
  | 'quota'
  | 'capacity'
  | 'permission'
  | 'credentials'
  | 'clock'
  | 'stuck'
  | 'unhealthy'
  | 'state'
  | 'throttling'
  | 'overtaken'
  | 'proxy'
  | 'network'

export type KnownKopsFailure = KnownFailure & { readonly category: Category }

const known = (category: Category, pattern: RegExp, advice: string, retryable = false): KnownKopsFailure => ({
  category,
  pattern,
  advice,
  retryable,
})

/** How kops 1.36 fails, what it means and what to do. The first match counts: the special before the general. */
export const knownFailures: readonly KnownKopsFailure[] = [
  known('proxy', proxyFailure, proxyAdvice('kops')),
  known(
    'absent',
    /Cluster\.kops\.k8s\.io ".*" not found|cluster not found "/,
    'The cluster is not in the state store: create it first.',
  ),
  known(
    'exists',
    /already exists; use 'kops update cluster'/,
    'Run again: the cluster is there now and will be updated.',
  ),
  known(
    'half-made',
    /must configure at least one (ControlPlane |Node )?InstanceGroup/,
    'Run teardown for this cluster, then create it again.',
  ),
  known(
    'input',
    /instance type "[^"]*" not found|InvalidInstanceType|machine type (specified )?("[^"]*" )?is invalid|invalid (dedicated )?instance type|does not match image architecture|Invalid value '[^']*' for InstanceType/,
    "Correct node-size or control-plane-size: an EC2 instance type that the region has, of the image's architecture.",
  ),
  known('input', /Zone is not a recognized AZ|unable to determine zone/, 'Correct the input zones.'),
  known(
    'input',
    /could not find (Image|image)|InvalidAMIID|image (id )?.* (not found|does not exist)/,
    'Correct the input image, or leave it out.',
  ),
  known(
    'input',
    /SSH public key|error reading SSH key file/,
    'Give exactly one readable public key in ssh-public-key.',
  ),
  known(
    'input',
    /at 'targetGroup\.\S+' failed to satisfy constraint/,
    'kops shortens the names of target groups, and AWS does not take what came out here: choose a name, environment or domain of another length.',
  ),
  known(
    'version',
    /no longer supported; upgrading|(kubernetes|kops) upgrade is required|unable to parse kubernetes version/,
    'Choose a kubernetes-version that this kops can run, or another kops-version.',
  ),
  known(
    'version',
    /kops version older than last used/,
    'A newer kops has changed this cluster: set kops-version to that one or a later one.',
  ),
  known(
    'dns',
    /cannot find DNS Zone|found multiple DNS Zones|error doing DNS lookup for NS records/,
    'With dns: zone the domain must be exactly one public hosted zone that resolves. Use dns: none to do without.',
  ),
  known(
    'quota',
    /VcpuLimitExceeded|(Vpc|Address|InternetGateway|Volume|Instance|LoadBalancer)\w*LimitExceeded|TooMany(LoadBalancers|Buckets)|maximum number of (?!attempts)|more vCPU capacity than your current vCPU limit/,
    'Ask AWS for a higher quota in this region, use another region, or remove what is no longer needed.',
  ),
  known(
    'capacity',
    /InsufficientInstanceCapacity|do not have sufficient \S+ capacity|not supported in your requested Availability Zone/,
    'Choose another zone or another instance size.',
  ),
  known(
    'credentials',
    /ExpiredToken|RequestExpired|failed to refresh cached credentials|no EC2 IMDS role found|NoCredentialProviders/,
    'Give role-to-assume, so that the session is renewed while kops runs, or make new credentials in a step before.',
  ),
  known(
    'clock',
    /RequestTimeTooSkewed|Signature not yet current|Signature expired/,
    "Set the runner's clock: it is more than a few minutes off.",
  ),
  known(
    'credentials',
    /InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|UnrecognizedClientException|AuthFailure/,
    'AWS does not know these credentials: make new ones in a step before, or give role-to-assume.',
  ),
  known(
    'permission',
    /not authorized to perform: iam:(CreateRole|PutRolePolicy|PutRolePermissionsBoundary)\b/,
    'The documented policies let kops make roles only within their boundary: give permissions-boundary, the ARN of the policy that docs/iam/README.md names. If it is given and right, allow the action that AWS names.',
  ),
  known(
    'state',
    /api error KMS\.\w+/,
    'The key that encrypts the state bucket cannot be used: look at it with `aws kms describe-key`, enable it, or cancel its deletion.',
  ),
  known(
    'permission',
    /UnauthorizedOperation|AccessDenied|is not authorized to perform/,
    'Allow the action that AWS names in the policy of the role or user that runs this.',
  ),
  known(
    'unhealthy',
    /failed to drain node|error draining node|global timeout reached/,
    'A PodDisruptionBudget keeps pods on the node, which kops names above. Allow one of them to go (one replica more, or maxUnavailable: 1), then run again: it goes on where it stopped.',
  ),
  known(
    'unhealthy',
    /did not validate within a duration|not healthy after update|waiting for kubernetes API to be served/,
    'kops has stopped at the machine that did not become healthy, and says above what is missing. Look at the capacity and quota of its type in the region, at the image, and at its pods. Then run again: it goes on where it stopped.',
  ),
  known(
    'stuck',
    /wait time exceeded during resources deletion/,
    'Remove what is named above as blocking, then run teardown again: it goes on where it stopped.',
  ),
  known(
    'state',
    /refusing to delete: unknown file found/,
    "Move the file that kops does not know out of the cluster's directory in the state bucket.",
  ),
  known(
    'state',
    /NoSuchBucket|getting location for bucket(?!.*request send failed)/,
    'The state bucket is not there: check domain, environment and name.',
  ),
  known(
    'overtaken',
    // kops lists the load balancers of everybody, and asks for the tags of all at once.
    /LoadBalancerNotFound|TargetGroupNotFound/,
    'A load balancer, perhaps of another cluster, was deleted while kops listed all of the region: run again.',
    true,
  ),
  known(
    'throttling',
    /RequestLimitExceeded|Throttling|Rate exceeded|SlowDown/,
    'AWS limits the rate of requests of this account: run again in a few minutes.',
    true,
  ),
  known(
    'network',
    /cannot determine hash for|error (reading|resolving|fetching) .*channel|raw\.githubusercontent\.com|artifacts\.k8s\.io|dl\.k8s\.io/,
    'kops could not download what it needs: allow these hosts, or set KOPS_BASE_URL and a channel of your own.',
    true,
  ),
  known(
    'network',
    /x509: certificate signed by unknown authority|x509: certificate is not trusted/,
    "The certificate is signed by nobody whom the runner trusts. Where a proxy signs anew what passes through it, add its certificate to the runner's system store, or set NODE_EXTRA_CA_CERTS in the env of the job to a PEM file with it: kops gets it as SSL_CERT_FILE, which macOS does not heed.",
  ),
  known(
    'network',
    /dial tcp|i\/o timeout|connection re(set|fused)|TLS handshake timeout|unexpected EOF|StatusCode: 50[0-9]|": (Bad Gateway|Service Unavailable|Gateway Timeout)/,
    'The network to AWS was interrupted: run again.',
    true,
  ),
]

/**
 * A failure of kops as an error that its reader can mend; any other error as it is. What is not in the table
 * is still kops' failure, not a bug of this action.
 */
export function explainKops(error: unknown): unknown {
  const explained = explainFailure(error, knownFailures)
  if (explained !== undefined || !(error instanceof ToolFailure)) return explained ?? error
  return new UserError(error.message, { fix: `To see more, run it yourself: ${error.command}`, cause: error })
}

/** What kind of failure this is, if it is a known one. */
export function kopsFailure(error: unknown): KnownKopsFailure | undefined {
  return classifyFailure(error, knownFailures)
}

/** What neither kops' own repetitions nor waiting will mend. */
const fatalCategories: readonly Category[] = [
  'quota',
  'capacity',
  'permission',
  'credentials',
  'clock',
  'input',
  'proxy',
]

/**
 * The error that ends a run at once, if a text that kops or AWS said means that going on is of no use; `subject`
 * says what failed.
 */
export function fatalFailure(text: string, subject: string): UserError | undefined {
  const known = findKnown(text, knownFailures)
  if (known === undefined || !fatalCategories.includes(known.category)) return undefined
  return new UserError(`${subject}: ${text}`, { fix: known.advice })
}
