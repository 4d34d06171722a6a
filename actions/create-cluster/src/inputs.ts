import { awsInputs, refuseRegion } from '@meridian/aws'
import {
  alias,
  bucketName,
  type ClusterDescriptor,
  domain,
  eksName,
  fullName,
  identityInputs,
  isUsedAsItIs,
  kindName,
  providers,
  pullRequestInputs,
  region,
  regionOfZone,
  stateBucket,
  strayFields,
} from '@meridian/identity'
import { checkKubernetesVersion, defaultKubernetesVersion } from '@meridian/kops/inputs'
import { anyKubeconfig, checkGivenKubeconfig, contextNames, hasContext } from '@meridian/kube/inputs'
import {
  camelCase,
  cidr,
  defineInputs,
  duration,
  type Environment,
  flag,
  formatDuration,
  type InputsOf,
  integer,
  lifetime,
  list,
  oneOf,
  optional,
  type Problem,
  required,
  roleArn,
  secret,
  text,
  waitingTime,
  yamlOf,
} from '@meridian/runner'
import { storeInputs } from '@meridian/state/inputs'
import { kopsInputs } from '@meridian/tools/inputs'
import {
  channel,
  fullVersion,
  image,
  instanceSize,
  instanceSizes,
  kmsKey,
  knownZone,
  networksOrNone,
  oddCount,
  policyArn,
  publicKey,
  setPairs,
  tag,
} from './inputs/parse-cluster.ts'

/** What makes a cluster or changes it; with another provider than kops it would not be heeded. */
const making = {
  'kubernetes-version': optional(fullVersion),
  'control-plane-count': optional(oddCount),
  'control-plane-size': optional(instanceSize),
  'node-count': optional(integer(1, 100)),
  'node-size': optional(instanceSizes),
  spot: optional(flag),
  networking: optional(
    oneOf('cilium', 'cilium-etcd', 'calico', 'amazonvpc', 'kindnet', 'flannel', 'kube-router', 'kubenet'),
  ),
  topology: optional(oneOf('public', 'private')),
  dns: optional(oneOf('none', 'zone')),
  'ssh-public-key': optional(publicKey),
  'api-access': optional(list(cidr)),
  'ssh-access': optional(networksOrNone),
  tags: optional(list(tag)),
  image: optional(image),
  channel: optional(channel),
  'permissions-boundary': optional(policyArn),
  set: optional(yamlOf(setPairs)),
  'state-bucket': optional(bucketName),
  'state-kms-key': optional(kmsKey),
  ...storeInputs,
  adopt: required(flag),
  'apply-pending': required(flag),
  upgrade: required(flag),
  ttl: optional(duration),
}

const givenByHand = {
  kubeconfig: secret(optional(anyKubeconfig)),
  'kubeconfig-context': optional(text),
}

const spec = {
  name: required(alias),
  ...identityInputs,
  ...pullRequestInputs,
  'full-name': optional(domain),
  provider: required(oneOf(...providers)),
  'eks-name': optional(eksName),
  role: optional(roleArn),
  'kind-name': optional(kindName),
  zones: optional(list(knownZone)),
  region: optional(region),
  ...givenByHand,
  'kubeconfig-trusted': required(flag),
  ...making,
  'karmada-version': optional(fullVersion),
  wait: required(flag),
  'validate-count': required(integer(1, 20)),
  'admin-lifetime': required(lifetime),
  ...kopsInputs,
  'dry-run': required(flag),
  timeout: required(waitingTime),
  ...awsInputs,
}

const readGiven = defineInputs(spec, check)
type Given = InputsOf<typeof spec>

export type Inputs = Given & { readonly cluster: ClusterDescriptor }

/** Reads every input at once; throws one UserError for all that is wrong with them. */
export function readInputs(env: Environment): Inputs {
  const given = readGiven(env)
  const { provider, name, zones = [], role } = given
  const cluster: ClusterDescriptor = {
    name,
    region: regionOf(given),
    zones,
    provider,
    fullName: given.fullName ?? fullName(name, given),
    stateStore: provider === 'kops' ? storeOf(given) : '',
    ...(provider === 'eks' && { eksName: given.eksName ?? name }),
    ...(provider === 'kind' && { kindName: given.kindName ?? name }),
    ...(role && { role }),
  }
  return Object.freeze({ ...given, cluster })
}

/** Whose cluster it is may depend on the account of one that kops looks after. */
export const needsAccount = ({ provider }: Inputs): boolean => provider === 'kops'

const regionOf = (given: Given) => given.zones?.map(regionOfZone)[0] ?? given.region ?? ''
const defaultBucket = (given: Given) => stateBucket(given.fullName ?? fullName(given.name, given))
const storeOf = (given: Given) => given.stateStore ?? `s3://${given.stateBucket ?? defaultBucket(given)}`
const problem = (input: string, message: string): Problem => ({ input, message })

function check(given: Given): Problem[] {
  return [
    ...checkZones(given),
    ...(given.provider === 'kops' ? checkNew(given) : checkRegion(given)),
    ...(given.provider === 'existing' ? checkExisting(given) : []),
    ...(isUsedAsItIs(given.provider) ? checkUsed(given) : []),
    ...checkOwn(given),
    ...(given.ttl !== undefined && given.ttl < 600_000
      ? [problem('ttl', `is ${formatDuration(given.ttl)}, but must be at least 10m`)]
      : []),
  ]
}

function checkZones({ zones = [], region: stated }: Given): Problem[] {
  const [first = ''] = zones
  const place = regionOfZone(first)
  const other = zones.find(name => regionOfZone(name) !== place)
  const twice = zones.find((name, at) => zones.indexOf(name) < at)
  if (other !== undefined) {
    const message = `'${first}' and '${other}' are in different regions: all zones of a cluster are in one`
    return [problem('zones', message)]
  }
  if (twice !== undefined) return [problem('zones', `must not name a zone twice, but names '${twice}' twice`)]
  const wrong = first === '' && stated !== undefined ? refuseRegion(stated) : undefined
  if (wrong !== undefined) return [problem('region', `'${stated}' ${wrong}`)]
  if (stated !== undefined && first !== '' && stated !== place)
    return [problem('region', `is '${stated}', but the zones are in ${place}`)]
  return []
}

/** What kops would refuse after it has saved the cluster is refused before. */
function checkNew(given: Given): Problem[] {
  const problems: Problem[] = []
  const wanted = given.kubernetesVersion ?? defaultKubernetesVersion
  const version = checkKubernetesVersion(wanted, given.kopsVersion)
  const bucket = defaultBucket(given)
  const named = given.stateStore !== undefined || given.stateBucket !== undefined
  if (regionOf(given) === '')
    problems.push(
      problem(
        'zones',
        'is required to create a cluster, such as us-east-1a; for one that is there give its region instead',
      ),
    )
  if (version !== undefined) problems.push(problem('kubernetes-version', `'${wanted}' ${version}`))
  if (given.stateStore !== undefined && given.stateBucket !== undefined)
    problems.push(problem('state-bucket', 'must not be given beside state-store, which says it all'))
  const keyRegion = given.stateKmsKey?.split(':')[3]
  if (keyRegion !== undefined && keyRegion !== regionOf(given)) {
    const message = `is in ${keyRegion}, but a bucket in ${regionOf(given)} takes a key of that region: give its ARN there, or the id of a multi-Region key`
    problems.push(problem('state-kms-key', message))
  }
  const keys = (given.tags ?? []).map(([key]) => key)
  const twice = keys.find((key, at) => keys.indexOf(key) < at)
  if (twice !== undefined)
    problems.push(problem('tags', `must give each key one value, but gives '${twice}' several`))
  if (given.networking === 'kubenet' && given.topology === 'private')
    problems.push(problem('networking', "'kubenet' does not go with topology: private"))
  if (given.channel === 'none' && given.image === undefined)
    problems.push(problem('image', 'must be given with channel: none, which names no image'))
  if (!named && bucket.length > 63) {
    const message = `would be '${bucket}', ${bucket.length} characters long, but a bucket's name has at most 63: name a shorter one`
    problems.push(problem('state-store', message))
  }
  return problems
}

function checkRegion(given: Given): Problem[] {
  if (regionOf(given) !== '') return []
  return [problem('region', `is required with provider: ${given.provider}, unless zones are given`)]
}

/** A cluster of EKS or kind is used as it is: what would make, change or find one otherwise is refused. */
function checkUsed(given: Given): Problem[] {
  const values: Record<string, unknown> = given
  // What others make of a cluster of EKS can be waited for.
  const waits = given.provider === 'eks' && given.upgrade ? ['upgrade', 'kubernetes-version'] : []
  return Object.keys({ ...making, ...givenByHand })
    .filter(input => !waits.includes(input))
    .filter(input => values[camelCase(input)] !== undefined && values[camelCase(input)] !== false)
    .map(input =>
      problem(input, `must not be given with provider: ${given.provider}, which uses a cluster as it is`),
    )
}

function checkOwn(given: Given): Problem[] {
  const { provider } = given
  return strayFields(given, provider).map(([field, wanted]) => {
    const input = Object.keys(spec).find(name => camelCase(name) === field) ?? field
    return problem(input, `is for provider: ${wanted}, but provider is ${provider}`)
  })
}

function checkExisting(given: Given): Problem[] {
  const { kubeconfig, kubeconfigContext: context } = given
  const problems: Problem[] = []
  if (kubeconfig === undefined) {
    problems.push(
      problem(
        'kubeconfig',
        'is required with provider: existing: the content of the kubeconfig, such as a secret',
      ),
    )
    return problems
  }
  const unsafe = given.kubeconfigTrusted ? [] : checkGivenKubeconfig(kubeconfig)
  if (unsafe.length > 0) {
    const way = 'take that out, or set kubeconfig-trusted if nobody else can change it'
    problems.push(problem('kubeconfig', `${unsafe.join('; ')}: ${way}`))
  }
  const wanted = context ?? kubeconfig['current-context']
  if (!hasContext(kubeconfig, wanted)) {
    const message = `there is no context '${wanted}' in kubeconfig, only ${contextNames(kubeconfig).join(', ') || 'none'}`
    problems.push(problem('kubeconfig-context', message))
  }
  return problems
}
