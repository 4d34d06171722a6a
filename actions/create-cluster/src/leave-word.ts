import { formatStore, fullName, parseStore, stateBucket } from '@meridian/identity'
import type { Inputs } from './inputs.ts'

/** How to remove what this run makes, in the words of a workflow. It is for clusters of our own only. */
export function teardownAdvice(inputs: Inputs): string {
  return `To remove it, run teardown with ${teardownInputs(inputs)}. To go on with it, run this again.`
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
  const others: readonly (readonly [string, string | undefined])[] = [
    ['domain', inputs.domain],
    ['environment', inputs.environment],
    ['repository', inputs.repository],
    ['state-store-account', inputs.stateStoreAccount && `'${inputs.stateStoreAccount}'`],
  ]
  const given = others.flatMap(([input, value]) => (value === undefined ? [] : [`${input}: ${value}`]))
  return [`clusters: [{${cluster.join(', ')}}]`, ...given].join(', ')
}
