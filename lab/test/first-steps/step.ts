import { fileURLToPath } from 'node:url'
import { inputVariables, readActionFile } from '@meridian/lab-runner/action-file'
import { readInputs as createCluster } from '../../../actions/create-cluster/src/inputs.ts'
import { readInputs as deploy } from '../../../actions/deploy-federated-app/src/inputs.ts'
import { readInputs as federate } from '../../../actions/federate/src/inputs.ts'
import { readInputs as latencyDns } from '../../../actions/latency-dns/src/inputs.ts'
import { readInputs as teardown } from '../../../actions/teardown/src/inputs.ts'
import type { ActionName } from '../load-action.ts'

/** What somebody did wrong on the first day, and what the one message that ends the run has to say of it. */
export type Step = {
  readonly done: string
  readonly action: keyof typeof right
  /** Laid over inputs that are right; an empty text takes one away. */
  readonly inputs: Readonly<Record<string, string>>
  /** The wrong value or thing. */
  readonly what: string
  /** The input or the place in which it stands. */
  readonly where: string
  /** What may stand there, or why it is refused. */
  readonly allowed: string
  /** What to do; where inputs are wrong alone, to correct them. */
  readonly fix?: string
}

const domain = 'k8s.example.com'
const clusters = '[{name: usa, region: us-east-1}, {name: eur, region: eu-west-1}]'

/** Inputs with which each action does its work, as the documentation has them. */
export const right: Readonly<
  Record<Exclude<ActionName, 'report-environment'>, Readonly<Record<string, string>>>
> = {
  'create-cluster': { name: 'usa', domain, zones: 'us-east-1a' },
  federate: { clusters, domain },
  'deploy-federated-app': { clusters, domain, manifests: 'app.yaml' },
  'latency-dns': { domain, record: 'app', endpoints: 'us-east-1: usa.example.net' },
  teardown: { clusters, domain },
}

export const readers = {
  'create-cluster': createCluster,
  federate,
  'deploy-federated-app': deploy,
  'latency-dns': latencyDns,
  teardown,
}

/** The message of a run that its inputs alone end, before anything was asked of anybody. */
export async function messageOfInputs({ action, inputs }: Pick<Step, 'action' | 'inputs'>): Promise<string> {
  const file = await readActionFile(fileURLToPath(new URL(`../../../actions/${action}`, import.meta.url)))
  const { env } = inputVariables(file, { ...right[action], ...inputs })
  try {
    readers[action](env)
  } catch (error) {
    return messageOf(error)
  }
  throw new Error('nothing is wrong with these inputs')
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error) || !('fix' in error)) throw error
  return `${error.message}\n${error.fix}`
}

const inputFix = "Correct this under the step's `with:`. Nothing has been changed."

/** What a message does not say although it has to, and what it says although it must not. */
export function shortcomings(said: string, step: Omit<Step, 'action' | 'inputs'>): string[] {
  const { what, where, allowed, fix = inputFix } = step
  const wanting = Object.entries({ what, where, allowed, fix })
    .filter(([, words]) => !said.includes(words))
    .map(([part, words]) => `does not say ${part}: ${words}`)
  const strange = [
    /undefined/,
    /\[object /,
    /NaN/,
    /report it/i,
    /^\s+at .*:\d+/m,
    /^[A-Z]\w*Error:/m,
    /inputs are not valid/,
  ]
  const telling = strange.filter(pattern => pattern.test(said)).map(pattern => `says ${pattern}`)
  return [...wanting, ...telling]
}
