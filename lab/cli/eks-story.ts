import { readWorkflow } from '@meridian/lab-runner'
import type { Universe } from '@meridian/lab-universe'
import { UsageError } from './arguments.ts'
import { workflowFile } from './story.ts'

type Inputs = Record<string, string>
type Given = { name: string; region: string; provider?: string; eksName?: string; zones?: string[] }

/**
 * The inputs of the workflows, where `provider` is the lab's own: `eks` makes the clusters of the story EKS's. Throws
 * UsageError for another one.
 */
export async function withProvider({ provider, ...inputs }: Inputs): Promise<Inputs> {
  if (provider === undefined || provider === 'kops') return inputs
  if (provider !== 'eks') throw new UsageError(`'--input provider=${provider}' must be kops or eks`)
  const { dispatch = {} } = await readWorkflow(workflowFile('up'))
  const clusters = readClusters(inputs.clusters ?? String(dispatch.clusters?.default ?? '[]'))
  const taken = clusters.map(({ zones, provider = 'eks', ...cluster }) =>
    provider === 'eks' ? { ...cluster, provider } : { ...cluster, provider, zones },
  )
  return { ...inputs, clusters: JSON.stringify(taken) }
}

/** Lets there be the clusters of EKS that the input `clusters` names, fit to host a federation. */
export async function makeEksClusters(universe: Universe, { clusters = '[]' }: Inputs): Promise<void> {
  const wanted = readClusters(clusters).filter(({ provider }) => provider === 'eks')
  await Promise.all(
    wanted.map(({ name, region, eksName = name }) =>
      universe.addEksCluster(eksName, { region, defaultStorageClass: true }),
    ),
  )
}

/** What the workflow itself would refuse, it shall refuse. */
function readClusters(text: string): Given[] {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list : []
  } catch {
    return []
  }
}
