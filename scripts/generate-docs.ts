// Fills what is generated: tables of inputs, failures and prices, and the policies in infra. With --check it only says what
// is out of date.
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { parse } from 'yaml'
import { type ActionFile, actionDirectories, readActionFile, repository } from './action-files.ts'
import { readIam } from './iam-files.ts'
import { renderPolicies, renderTrust } from './render-infra.ts'
import { costs, troubleshooting } from './render-pages.ts'
import {
  fillMarkers,
  inYaml,
  type Marking,
  renderActions,
  renderInputs,
  renderOutputs,
} from './render-tables.ts'
import { renderWorkflowInputs, renderWorkflowTables } from './render-workflow-inputs.ts'
import type { WorkflowInputs } from './shared-inputs.ts'
import { workflowInputs } from './workflow-inputs.ts'

const check = process.argv.includes('--check')
const actions = actionDirectories().map(path => ({
  path,
  directory: basename(path),
  action: readActionFile(path),
}))
const iam = readIam()
const template = { trust: renderTrust(iam.trusts), policies: renderPolicies(iam.policies, iam.boundary) }
const byName = Object.fromEntries(actions.map(({ directory, action }) => [directory, action]))
const workflows = workflowInputs(byName)
const stale = [
  ...actions.map(refreshAction),
  ...Object.entries(workflows).map(refreshWorkflow),
  refresh(join(repository, 'docs/workflows.md'), renderWorkflowTables(workflows, outputsOfWorkflow)),
  refresh(join(repository, 'README.md'), { actions: renderActions(actions) }),
  refresh(join(repository, 'docs/getting-started.md'), costs(readFileSync(workflowFile('up'), 'utf8'))),
  refresh(join(repository, 'docs/troubleshooting.md'), troubleshooting()),
  refresh(join(repository, 'infra/cloudformation.yaml'), template, inYaml),
].filter(page => page !== undefined)
for (const page of stale) console.log(`${check ? 'out of date' : 'written'}: ${page}`)
if (check && stale.length > 0) {
  console.error('Run `npm run docs` and commit the result.')
  process.exitCode = 1
}

function refreshAction({ path, directory, action }: (typeof actions)[number]): string | undefined {
  try {
    return refresh(join(path, 'README.md'), { inputs: renderInputs(action), outputs: renderOutputs(action) })
  } catch (error) {
    throw new Error(`actions/${directory}: ${(error as Error).message}`)
  }
}

function refreshWorkflow([name, inputs]: [string, WorkflowInputs]): string | undefined {
  return refresh(workflowFile(name), renderWorkflowInputs(inputs), inYaml)
}

type Called = { on: { workflow_call: { outputs: ActionFile['outputs'] } } }

function outputsOfWorkflow(name: string): ActionFile['outputs'] {
  return (parse(readFileSync(workflowFile(name), 'utf8')) as Called).on.workflow_call.outputs
}

function workflowFile(name: string): string {
  return join(repository, `.github/workflows/${name}.yml`)
}

/** Rewrites a page's marked parts; the page's name if that changed anything. */
function refresh(path: string, parts: Record<string, string>, marking?: Marking): string | undefined {
  const page = readFileSync(path, 'utf8')
  const fresh = Object.entries(parts).reduce(
    (text, [marker, content]) => fillMarkers(text, marker, content, marking),
    page,
  )
  if (fresh === page) return undefined
  if (!check) writeFileSync(path, fresh)
  return relative(repository, path)
}
