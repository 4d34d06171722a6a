import { join } from 'node:path'
import type { Aws } from '@meridian/aws'
import type { Job } from '@meridian/runner'
import {
  childEnvironment,
  findTool,
  runTool,
  secretsOf,
  type Tool,
  type ToolRequest,
  type ToolResult,
} from '@meridian/tools'

/** kops, found and ready to run. */
export type Kops = {
  readonly version: string
  /** Runs kops; `cluster` names the private kubeconfig that it may write, so that parallel runs do not race for one. */
  run(
    cluster: string,
    args: readonly string[],
    options?: {
      accept?: readonly number[]
      onLine?: (line: string, stream: 'stdout' | 'stderr') => void
      /** Instead of the job's. */
      signal?: AbortSignal
    },
  ): Promise<ToolResult>
}

export type KopsJob = Pick<
  Job,
  'env' | 'signal' | 'deadline' | 'log' | 'run' | 'scratch' | 'mask' | 'userAgent'
>

/** Finds or installs kops of the wanted version. Throws a UserError that says how to get it. */
export async function connectKops(job: KopsJob, aws: Aws, wanted: Omit<ToolRequest, 'name'>): Promise<Kops> {
  const tool: Tool = await findTool({ name: 'kops', ...wanted }, job)
  return {
    version: tool.version,
    async run(cluster, args, options = {}) {
      const env = childEnvironment(job.env, {
        ...(await aws.childEnv()),
        KUBECONFIG: join(await job.scratch(), `${cluster}.kops.kubeconfig`),
        // They would speak for another cluster than the one that each command names.
        KOPS_STATE_STORE: undefined,
        KOPS_CLUSTER_NAME: undefined,
      })
      return runTool(tool, args, { env, signal: job.signal, secrets: secretsOf(env), ...options })
    },
  }
}
