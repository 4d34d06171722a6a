import { explainAws } from '@meridian/aws'
import { knownFailures as kopsFailures } from '@meridian/kops'
import { parse } from 'yaml'
import { explainedCodes } from '../packages/aws/src/requests/errors.ts'
import { knownFailures as karmadaFailures } from '../packages/karmada/src/control-plane/run-karmadactl.ts'
import { remedies } from '../packages/runner/src/system-errors.ts'
import { expandPattern } from './expand-pattern.ts'
import { renderCosts } from './render-costs.ts'
import { renderCodes, renderKnownFailures } from './render-failures.ts'

/** The tables of docs/troubleshooting.md, from those by which the actions explain failures. */
export function troubleshooting(): Record<string, string> {
  const machine = remedies.map(({ codes, what, fix }) => ({ codes: expandPattern(codes.source), what, fix }))
  return {
    aws: renderCodes(Object.values(explainedCodes).map(codes => explainCodes([...codes]))),
    kops: renderKnownFailures(kopsFailures),
    karmada: renderKnownFailures(karmadaFailures),
    machine: renderCodes(machine),
  }
}

/** The price of what Up makes by default, whose clusters stand in the workflow. */
export function costs(workflow: string): Record<string, string> {
  type Up = { on: { workflow_dispatch: { inputs: { clusters: { default: string } } } } }
  const { clusters } = (parse(workflow) as Up).on.workflow_dispatch.inputs
  const regions = (JSON.parse(clusters.default) as { region: string }[]).map(({ region }) => region)
  return { costs: renderCosts(regions) }
}

/** The action's own words for an error of such a code. */
function explainCodes(codes: readonly string[]): { codes: readonly string[]; what: string; fix: string } {
  const error = Object.assign(new Error('…'), { name: codes[0] })
  const explained = explainAws(error, '…', '…')
  if (explained === undefined) throw new Error(`nothing explains ${codes.join(', ')}`)
  return { codes, what: explained.message, fix: explained.fix }
}
