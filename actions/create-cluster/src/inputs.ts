import { awsInputs } from '@meridian/aws'
import {
  alias,
  type ClusterDescriptor,
  domain,
  environmentName,
  fullName,
  region,
  regionOfZone,
  stateBucket,
} from '@meridian/identity'
import { checkKubernetesVersion } from '@meridian/kops'
import { anyKubeconfig, checkGivenKubeconfig, contextNames, hasContext } from '@meridian/kube'
import {
  defineInputs,
  duration,
  type Environment,
  flag,
  type InputsOf,
  integer,
  list,
  oneOf,
  optional,
  type Problem,
  required,
  secret,
  text,
  yamlOf,
} from '@meridian/runner'
import { kopsInputs } from '@meridian/tools'
import {
  bucketName,
  channel,
  cidr,
  fullVersion,
  image,
  instanceSize,
  knownZone,
  oddCount,
  publicKey,
  setPairs,
  tag,
} from './parse-cluster.ts'

const spec = {
  name: required(alias),
  domain: required(domain),
  environment: optional(environmentName),
  provider: required(oneOf('kops', 'existing')),
  zones: optional(list(knownZone)),
  region: optional(region),
  kubeconfig: secret(optional(anyKubeconfig)),
  'kubeconfig-context': optional(text),
  'kubeconfig-trusted': required(flag),
  'kubernetes-version': required(fullVersion),
  'control-plane-count': required(oddCount),
  'control-plane-size': required(instanceSize),
  'node-count': required(integer(1, 100)),
  'node-size': required(instanceSize),
  networking: required(
    oneOf('cilium', 'cilium-etcd', 'calico', 'amazonvpc', 'kindnet', 'flannel', 'kube-router', 'kubenet'),
  ),
  topology: required(oneOf('public', 'private')),
  dns: required(oneOf('none', 'zone')),
  'ssh-public-key': optional(publicKey),
  'api-access': optional(list(cidr)),
  tags: optional(list(tag)),
  image: optional(image),
  channel: optional(channel),
  set: optional(yamlOf(setPairs)),
  'state-bucket': optional(bucketName),
  ttl: optional(duration),
  wait: required(flag),
  'validate-count': required(integer(1, 20)),
  'admin-lifetime': required(duration),
  ...kopsInputs,
  'dry-run': required(flag),
  timeout: required(duration),
  ...awsInputs,
}

const readGiven = defineInputs(spec, check)
type Given = InputsOf<typeof spec>

export type Inputs = Omit<Given, 'zones'> & {
  readonly zones: readonly string[]
  readonly cluster: ClusterDescriptor
  readonly bucket: string
}

/** Reads every input at once; throws one UserError for all that is wrong with them. */
export function readInputs(env: Environment): Inputs {
  const given = readGiven(env)
  const { provider, name, zones = [] } = given
  const bucket = bucketOf(given)
  const cluster: ClusterDescriptor = {
    name,
    region: regionOf(given),
    zones,
    provider,
    fullName: fullName(name, given),
    stateStore: provider === 'kops' ? `s3://${bucket}` : '',
  }
  return Object.freeze({ ...given, zones, cluster, bucket })
}

const regionOf = (given: Given) => given.zones?.map(regionOfZone)[0] ?? given.region ?? ''
const bucketOf = (given: Given) => given.stateBucket ?? stateBucket(fullName(given.name, given))
const problem = (input: string, message: string): Problem => ({ input, message })

function check(given: Given): Problem[] {
  return [
    ...checkZones(given),
    ...(given.provider === 'kops' ? checkNew(given) : checkExisting(given)),
    ...(given.ttl !== undefined && given.ttl < 600_000 ? [problem('ttl', 'must be at least 10m')] : []),
  ]
}

function checkZones({ zones = [], region: stated }: Given): Problem[] {
  const [first = ''] = zones
  const place = regionOfZone(first)
  const other = zones.find(name => regionOfZone(name) !== place)
  if (other !== undefined) return [problem('zones', `'${first}' and '${other}' are in different regions`)]
  if (new Set(zones).size < zones.length) return [problem('zones', 'must not name a zone twice')]
  if (stated !== undefined && first !== '' && stated !== place)
    return [problem('region', `is '${stated}', but the zones are in ${place}`)]
  return []
}

/** What kops would refuse after it has saved the cluster is refused before. */
function checkNew(given: Given): Problem[] {
  const problems: Problem[] = []
  const version = checkKubernetesVersion(given.kubernetesVersion, given.kopsVersion)
  const bucket = bucketOf(given)
  if (given.zones === undefined) problems.push(problem('zones', 'is required, but it was not given'))
  if (version !== undefined)
    problems.push(problem('kubernetes-version', `'${given.kubernetesVersion}' ${version}`))
  if (given.networking === 'kubenet' && given.topology === 'private')
    problems.push(problem('networking', "'kubenet' does not go with topology: private"))
  if (given.channel === 'none' && given.image === undefined)
    problems.push(problem('image', 'must be given with channel: none, which names no image'))
  if (bucket.length > 63) {
    const message = `would be '${bucket}', ${bucket.length} characters long, but a bucket's name has at most 63: give a shorter one`
    problems.push(problem('state-bucket', message))
  }
  return problems
}

function checkExisting(given: Given): Problem[] {
  const { kubeconfig, kubeconfigContext: context } = given
  const problems: Problem[] = []
  if (regionOf(given) === '')
    problems.push(problem('region', 'is required with provider: existing, unless zones are given'))
  if (kubeconfig === undefined) {
    problems.push(problem('kubeconfig', 'is required with provider: existing'))
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
