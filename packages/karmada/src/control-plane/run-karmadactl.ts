import { join } from 'node:path'
import { type Kube, writeKubeconfig } from '@meridian/kube'
import type { Job } from '@meridian/runner'
import {
  childEnvironment,
  classifyFailure,
  explainFailure,
  type KnownFailure,
  proxyAdvice,
  proxyFailure,
  runTool,
  secretsOf,
  type Tool,
} from '@meridian/tools'

/** How karmadactl 1.18 fails, what it means and what to do. The first match counts. */
export const knownFailures: readonly KnownFailure[] = [
  { pattern: proxyFailure, category: 'proxy', advice: proxyAdvice('karmadactl'), retryable: false },
  {
    pattern: /nodePort of karmada apiserver \d+ already exist/,
    category: 'half-made',
    advice: 'Run teardown with scope federation for this host cluster, then run this again.',
    retryable: false,
  },
  {
    pattern: /crds\.tar\.gz|github\.com.*(timeout|connection|no such host)/,
    category: 'network',
    advice:
      'The tool downloads its resource definitions from github.com: let this machine reach it, then run this again.',
    retryable: true,
  },
  {
    pattern: /socket hang up|connection (refused|reset)|no such host|i\/o timeout|unexpected EOF/,
    category: 'lost',
    advice:
      'The cluster stopped answering: look whether its API can be reached, then run this again. What an installation has made until then is removed first.',
    retryable: true,
  },
  {
    pattern: /wait .*(timeout|timed out)|context deadline exceeded|Unable to get StatefulSet|not ready/i,
    category: 'slow',
    advice:
      'A component did not start in time: look at the pods of namespace karmada-system in the host cluster (too few or too small nodes, images that cannot be pulled), then run this again.',
    retryable: true,
  },
]

/** Whether a failure of karmadactl, as `runKarmadactl` tells it, is of a connection that was lost: worth another try at once. */
export function isPassing(error: unknown): boolean {
  const { cause } = error instanceof Error ? error : {}
  return ['network', 'lost'].includes(classifyFailure(cause, knownFailures)?.category ?? '')
}

/** Writes the host's kubeconfig, and nothing but it, where the tool may read it. */
export async function writeHostKubeconfig(job: Pick<Job, 'scratch'>, host: Kube): Promise<string> {
  const path = join(await job.scratch(), `host-${host.context}.kubeconfig`)
  await writeKubeconfig(path, host.kubeconfig)
  return path
}

/** Runs karmadactl, printing what it says; a failure that is known says what to do. */
export async function runKarmadactl(
  job: Pick<Job, 'env' | 'signal' | 'log'>,
  tool: Tool,
  args: readonly string[],
): Promise<void> {
  const env = childEnvironment(job.env, { KUBECONFIG: undefined })
  try {
    await runTool(tool, args, {
      env,
      secrets: secretsOf(env),
      signal: job.signal,
      onLine: line => job.log.info(line),
    })
  } catch (error) {
    throw explainFailure(error, knownFailures) ?? error
  }
}
