import { fileURLToPath } from 'node:url'
import type { KubeObject } from '@meridian/kube'
import { inputVariables, readActionFile } from '@meridian/lab-runner/action-file'
import { testJob } from '@meridian/runner/testing'
import { readInputs } from '../src/inputs.ts'
import { parseManifest } from '../src/manifests/parse-manifest.ts'
import { deploy } from '../src/run.ts'
import type { StoreFederation } from './store-federation.ts'

export type StoreRun = { calls: number; error?: Error; outputs: Record<string, unknown>; summaries: string[] }

const action = readActionFile(fileURLToPath(new URL('..', import.meta.url)))

export const parse = (...texts: string[]): KubeObject[] =>
  parseManifest({ path: 'app.yaml', text: texts.join('---') }).objects

/**
 * Deploys the app `web`, and counts the calls; the process dies once the `last` of them is carried out. `look` is called
 * after each.
 */
export async function runInStore(
  federation: StoreFederation,
  manifests: readonly KubeObject[],
  inputs: Record<string, string>,
  { last = Number.POSITIVE_INFINITY, look }: { last?: number; look?: () => void } = {},
): Promise<StoreRun> {
  let calls = 0
  const job = testJob()
  const kube = federation.connect(when => {
    if (when === 'before') calls += 1
    else look?.()
    if (calls > last || (calls === last && when === 'after')) throw new Error('killed')
  })
  const given = { app: 'web', prune: 'true', namespace: 'shop', domain: 'k8s.example.com', ...inputs }
  const { env } = inputVariables(await action, { manifests: 'app.yaml', ...given })
  const error = await deploy(readInputs(env), job, kube, manifests).then(
    () => undefined,
    (failure: Error) => failure,
  )
  if (error && error.message !== 'killed') throw error
  return { calls, ...(error && { error }), outputs: job.outputs, summaries: job.summaries }
}
