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
} from '@meridian/environment'
import { checkKubernetesVersion } from '@meridian/kops'
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
  zones: required(list(knownZone)),
  region: optional(region),
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

export type Inputs = Given & {
  readonly cluster: ClusterDescriptor
  readonly bucket: string
}

/** Reads every input at once; throws one UserError for all that is wrong with them. */
export function readInputs(env: Environment): Inputs {
  const given = readGiven(env)
  const bucket = bucketOf(given)
  const cluster: ClusterDescriptor = {
    name: given.name,
    region: regionOf(given),
    zones: given.zones,
    provider: 'kops',
    fullName: fullName(given.name, given),
    stateStore: `s3://${bucket}`,
  }
  return Object.freeze({ ...given, cluster, bucket })
}

const regionOf = (given: Given) => regionOfZone(given.zones[0] ?? '')
const bucketOf = (given: Given) => given.stateBucket ?? stateBucket(fullName(given.name, given))

function check(given: Given): Problem[] {
  const problems = checkZones(given)
  const version = checkKubernetesVersion(given.kubernetesVersion, given.kopsVersion)
  if (version !== undefined) {
    problems.push({ input: 'kubernetes-version', message: `'${given.kubernetesVersion}' ${version}` })
  }
  const bucket = bucketOf(given)
  if (bucket.length > 63) {
    problems.push({
      input: 'state-bucket',
      message: `would be '${bucket}', ${bucket.length} characters long, but a bucket's name has at most 63: give a shorter one`,
    })
  }
  if (given.ttl !== undefined && given.ttl < 600_000)
    problems.push({ input: 'ttl', message: 'must be at least 10m' })
  return problems
}

function checkZones(given: Given): Problem[] {
  const problem = (input: string, message: string): Problem => ({ input, message })
  const place = regionOf(given)
  const other = given.zones.find(name => regionOfZone(name) !== place)
  if (other !== undefined)
    return [problem('zones', `'${given.zones[0]}' and '${other}' are in different regions`)]
  if (new Set(given.zones).size < given.zones.length) return [problem('zones', 'must not name a zone twice')]
  if (given.region !== undefined && given.region !== place) {
    return [problem('region', `is '${given.region}', but the zones are in ${place}`)]
  }
  return []
}
