import type { Inputs } from './inputs.ts'

/** How to remove what this run makes, in the words of a workflow. */
export function teardownAdvice(inputs: Inputs): string {
  const { name, region, stateStore } = inputs.cluster
  const store = inputs.stateBucket === undefined ? '' : `, stateStore: '${stateStore}'`
  const environment = inputs.environment === undefined ? '' : `, environment: ${inputs.environment}`
  return `To remove it, run teardown with clusters: [{name: ${name}, region: ${region}${store}}], domain: ${inputs.domain}${environment}. To go on with it, run this again.`
}
