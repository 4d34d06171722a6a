import { formatStore, fullName, parseStore, stateBucket } from '@meridian/identity'
import { typedInputs } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'

/** How to remove what this run makes, or to go on with it. It is for clusters of our own only. */
export function teardownAdvice(inputs: Inputs): string {
  return `${removalAdvice(inputs)} To go on with it, run this again.`
}

/** How to remove a cluster of our own, in the words of a workflow. */
export function removalAdvice(inputs: Inputs): string {
  return `To remove it, run teardown with ${teardownInputs(inputs)}.`
}

/** Everything that teardown cannot tell by itself. */
function teardownInputs(inputs: Inputs): string {
  const { name, region, fullName: full, stateStore } = inputs.cluster
  const usual = formatStore(parseStore(`s3://${stateBucket(full)}`))
  const cluster = [
    `name: ${name}`,
    `region: ${region}`,
    ...(full === fullName(name, inputs) ? [] : [`fullName: ${full}`]),
    ...(stateStore === usual ? [] : [`stateStore: '${stateStore}'`]),
  ]
  return typedInputs({
    clusters: `[{${cluster.join(', ')}}]`,
    domain: inputs.domain,
    environment: inputs.environment,
    repository: inputs.repository,
    'state-store-account': inputs.stateStoreAccount,
  })
}
