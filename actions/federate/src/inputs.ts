import { awsInputs, checkRegions } from '@meridian/aws'
import { alias, checkClusters, checkHost, givenClusters, identityInputs } from '@meridian/identity'
import { givenKubeconfig, hasContext } from '@meridian/kube/inputs'
import {
  cidr,
  defineInputs,
  flag,
  type InputsOf,
  label,
  lifetime,
  list,
  oneOf,
  optional,
  type Problem,
  path,
  required,
  secret,
  waitingTime,
  yamlOf,
} from '@meridian/runner'
import { storeInputs } from '@meridian/state/inputs'
import { karmadaInputs, kopsInputs } from '@meridian/tools/inputs'

const spec = {
  clusters: required(yamlOf(givenClusters)),
  host: optional(alias),
  name: required(label(63)),
  ...identityInputs,
  ...storeInputs,
  'control-plane': required(oneOf('init', 'existing')),
  'karmada-kubeconfig': secret(optional(givenKubeconfig)),
  ...karmadaInputs,
  upgrade: required(flag),
  'karmada-crds': optional(path),
  ...kopsInputs,
  'etcd-storage': required(oneOf('pvc', 'empty-dir')),
  'api-allowed-cidrs': optional(list(cidr)),
  adopt: required(flag),
  prune: required(flag),
  'admin-lifetime': required(lifetime),
  'dry-run': required(flag),
  timeout: required(waitingTime),
  ...awsInputs,
}

export type Inputs = InputsOf<typeof spec>

/** Reads every input at once; throws one UserError for all that is wrong with them. */
export const readInputs = defineInputs(spec, check)

/** Whose a cluster is may depend on the account of those that kops looks after. */
export const needsAccount = ({ clusters }: Inputs): boolean =>
  clusters.some(({ provider = 'kops' }) => provider === 'kops')

function check(inputs: Inputs): Problem[] {
  const problems = [
    ...checkClusters(inputs.clusters),
    ...checkRegions(inputs.clusters),
    ...checkControlPlane(inputs),
    ...checkHost(inputs.host, inputs.clusters),
  ]
  const names = inputs.clusters.map(cluster => cluster.name)
  if (names.includes(inputs.name)) {
    problems.push({
      input: 'name',
      message: `'${inputs.name}' is the name of a cluster: the federation's context must have its own`,
    })
  }
  return problems
}

/** What is asked of a control plane of one's own cannot be asked of one that others run. */
function checkControlPlane(inputs: Inputs): Problem[] {
  const given = inputs.karmadaKubeconfig
  if (inputs.controlPlane === 'init') {
    if (given === undefined) return []
    return [{ input: 'karmada-kubeconfig', message: "is used with control-plane 'existing' only" }]
  }
  const senseless = [
    ['host', inputs.host],
    ['api-allowed-cidrs', inputs.apiAllowedCidrs],
    ['karmadactl-path', inputs.karmadactlPath],
    ['karmadactl-url', inputs.karmadactlUrl],
    ['karmadactl-sha256', inputs.karmadactlSha256],
    ['karmada-crds', inputs.karmadaCrds],
    ['upgrade', inputs.upgrade || undefined],
  ] as const
  const problems: Problem[] = senseless
    .filter(([, value]) => value !== undefined)
    .map(([input]) => ({ input, message: "has no meaning with control-plane 'existing'" }))
  const wanting = { input: 'karmada-kubeconfig' }
  if (given === undefined)
    problems.push({ ...wanting, message: "is required with control-plane 'existing', but it was not given" })
  else if (!hasContext(given, given['current-context']))
    problems.push({ ...wanting, message: 'has no current context' })
  return problems
}
