import { awsInputs, checkRegions, knownToAws } from '@meridian/aws'
import { checkRecord, recordLabel, zoneId } from '@meridian/dns/inputs'
import {
  alias,
  checkClusters,
  checkHost,
  givenClusters,
  identityInputs,
  pullRequestInputs,
  region,
} from '@meridian/identity'
import { isReservedNamespace } from '@meridian/karmada/inputs'
import { givenKubeconfig } from '@meridian/kube/inputs'
import {
  defineInputs,
  duration,
  type Environment,
  flag,
  type InputsOf,
  integer,
  label,
  list,
  oneOf,
  optional,
  type Parser,
  type Problem,
  path,
  required,
  secret,
  waitingTime,
  yamlOf,
} from '@meridian/runner'
import { storeInputs } from '@meridian/state/inputs'
import { kopsInputs, kubectlInputs } from '@meridian/tools/inputs'
import { images } from './manifests/parse-images.ts'
import { namedClusters, placement } from './placement/parse-placement.ts'
import { waves } from './rollout/parse-waves.ts'

const kind: Parser<string> = raw => {
  if (!/^[A-Z][A-Za-z0-9]{1,62}$/.test(raw))
    throw new Error("must be a kind as in the manifests, such as 'Deployment'")
  return raw
}

/** A namespace that Karmada carries to the members. */
const namespace: Parser<string> = raw => {
  label(63)(raw)
  if (isReservedNamespace(raw))
    throw new Error(
      'must be one that reaches the members: kube-*, karmada-system, karmada-cluster and karmada-es-* do not',
    )
  return raw
}

/** The name of a Secret: labels with dots between them. */
const secretName: Parser<string> = raw => {
  if (raw.length > 253 || !raw.split('.').every(part => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(part)))
    throw new Error("must be the name of a Secret, such as 'regcred'")
  return raw
}

const spec = {
  manifests: required(list(path)),
  namespace: required(namespace),
  clusters: optional(yamlOf(givenClusters)),
  host: optional(alias),
  federation: required(label(63)),
  kubeconfig: secret(optional(givenKubeconfig)),
  ...identityInputs,
  ...pullRequestInputs,
  ...storeInputs,
  placement: required(placement),
  app: optional(label(63)),
  images: optional(images),
  'image-pull-secrets': optional(list(secretName)),
  'allowed-kinds': optional(list(kind)),
  adopt: required(flag),
  prune: required(flag),
  'max-deletes': required(integer(0, 1000)),
  lifetime: optional(duration),
  record: optional(list(recordLabel)),
  'bring-back': optional(list(knownToAws(region))),
  'zone-id': optional(zoneId),
  rollout: required(oneOf('all', 'waves')),
  waves: optional(waves),
  'wave-timeout': required(waitingTime),
  'dry-run': required(flag),
  wait: required(flag),
  timeout: required(waitingTime),
  ...kopsInputs,
  ...kubectlInputs,
  ...awsInputs,
}

export type Inputs = InputsOf<typeof spec>

/** Reads every input at once; throws one UserError for all that is wrong with them. */
export const readInputs = defineInputs(spec, check)

/** Where nothing else leads to the federation, its host does, whose keys are in an account. */
export const needsAccount = ({ clusters, kubeconfig }: Inputs, { KUBECONFIG }: Environment): boolean =>
  clusters !== undefined && kubeconfig === undefined && !KUBECONFIG

function check(inputs: Inputs): Problem[] {
  const problems: Problem[] = []
  const { clusters, host, placement } = inputs
  const names = clusters?.map(cluster => cluster.name)
  if (clusters !== undefined) problems.push(...checkClusters(clusters), ...checkRegions(clusters))
  problems.push(...checkHost(host, clusters))
  problems.push(...(inputs.record ?? []).flatMap(record => checkRecord(record, inputs.domain)))
  if (inputs.lifetime !== undefined && clusters === undefined)
    problems.push({
      input: 'clusters',
      message: 'is required with lifetime: the claim says where the app is',
    })
  if (inputs.waves !== undefined && inputs.rollout === 'all')
    problems.push({ input: 'waves', message: 'is given, but rollout is all: set rollout: waves' })
  if (inputs.prune && inputs.app === undefined)
    problems.push({ input: 'app', message: 'is required with prune: it says whose objects may be deleted' })
  if (inputs.rollout === 'waves' && !inputs.wait)
    problems.push({
      input: 'wait',
      message: 'must be true with rollout: waves, which go on by what they see',
    })
  const named: [input: string, names: string[]][] = [
    ['placement', namedClusters(placement)],
    ['waves', inputs.waves?.flat() ?? []],
  ]
  for (const [input, given] of named) {
    for (const name of new Set(given)) {
      if (names !== undefined && !names.includes(name))
        problems.push({
          input,
          message: `names '${name}', which is not one of clusters: ${names.join(', ')}`,
        })
    }
  }
  return problems
}
