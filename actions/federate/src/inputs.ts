import { isIP } from 'node:net'
import { awsInputs } from '@meridian/aws'
import { alias, checkClusters, domain, environmentName, givenClusters } from '@meridian/environment'
import {
  defineInputs,
  duration,
  flag,
  type InputsOf,
  label,
  list,
  oneOf,
  optional,
  type Parser,
  type Problem,
  required,
  yamlOf,
} from '@meridian/runner'
import { karmadaInputs, kopsInputs } from '@meridian/tools'

/** An address range such as `203.0.113.0/24`. */
const cidr: Parser<string> = raw => {
  const [address = '', bits = ''] = raw.split('/')
  const family = isIP(address)
  if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128))
    throw new Error("must be address ranges such as '203.0.113.0/24'")
  return raw
}

const spec = {
  clusters: required(yamlOf(givenClusters)),
  host: optional(alias),
  name: required(label(63)),
  domain: required(domain),
  environment: optional(environmentName),
  ...karmadaInputs,
  ...kopsInputs,
  'etcd-storage': required(oneOf('pvc', 'empty-dir')),
  'api-allowed-cidrs': optional(list(cidr)),
  prune: required(flag),
  'admin-lifetime': required(duration),
  'dry-run': required(flag),
  timeout: required(duration),
  ...awsInputs,
}

export type Inputs = InputsOf<typeof spec>

/** Reads every input at once; throws one UserError for all that is wrong with them. */
export const readInputs = defineInputs(spec, check)

function check(inputs: Inputs): Problem[] {
  const problems = checkClusters(inputs.clusters, inputs)
  const names = inputs.clusters.map(cluster => cluster.name)
  if (inputs.host !== undefined && !names.includes(inputs.host)) {
    problems.push({ input: 'host', message: `'${inputs.host}' must be one of clusters: ${names.join(', ')}` })
  }
  if (names.includes(inputs.name)) {
    problems.push({
      input: 'name',
      message: `'${inputs.name}' is the name of a cluster: the federation's context must have its own`,
    })
  }
  return problems
}
