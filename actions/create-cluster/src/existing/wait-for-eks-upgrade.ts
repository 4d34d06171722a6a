import { type Aws, describeEks, type EksCluster, judgeEks } from '@meridian/aws'
import { refuseUpgrade } from '@meridian/kops'
import type { Kube } from '@meridian/kube'
import { done, type Job, UserError, waitFor, waiting } from '@meridian/runner'
import { type Node, versionOfNode } from '../health/check-upgraded.ts'
import type { Inputs } from '../inputs.ts'

/** EKS takes some minutes, and whoever upgrades it may begin later: looked at so often it is still seen soon. */
const every = { first: 2_000, most: 15_000 }

/**
 * Waits until EKS and the nodes run the minor version that is asked for, which others bring about; answers with what was
 * missing at first. A dry run only tells that. Throws a UserError for a version that EKS cannot be brought to.
 */
export async function awaitEksUpgrade(
  inputs: Pick<Inputs, 'cluster' | 'kubernetesVersion' | 'karmadaVersion' | 'dryRun'>,
  { aws, kube, eks }: { aws: Aws; kube: Kube; eks: EksCluster },
  job: Job,
): Promise<string[]> {
  const { cluster, kubernetesVersion: to, dryRun } = inputs
  const place = { region: cluster.region, eksName: cluster.eksName ?? cluster.name }
  const wanted = to && minorOf(to)
  if (to === undefined || !wanted) {
    job.log.info(`${eks.arn} stays as it is: no kubernetes-version is asked for.`)
    return []
  }
  const refusal = judgeVersion(eks.version, to, inputs.karmadaVersion)
  if (refusal !== undefined)
    throw new UserError(`${cluster.name} cannot be brought from ${eks.version} to ${wanted}: ${refusal}`, {
      fix: 'Ask for another kubernetes-version. Nothing has been changed.',
      input: 'kubernetes-version',
    })
  const look = async () => {
    const now = await describeEks(aws.as(cluster.role), place)
    const problem = judgeEks(now, place)
    if (now === undefined || problem !== undefined) throw problem
    return findMissing(wanted, now, await kube.list<Node>({ apiVersion: 'v1', kind: 'Node' }))
  }
  const missing = await look()
  if (dryRun || missing.length === 0) return missing
  const how = `\`aws eks update-cluster-version --region ${place.region} --name ${place.eksName} --kubernetes-version ${wanted}\`, then its nodes (\`aws eks update-nodegroup-version\`)`
  job.log.info(
    `Others upgrade what EKS runs, and this waits for it. Whoever administers the cluster runs ${how}.`,
  )
  await waitFor(job, {
    what: `${cluster.name} to run Kubernetes ${wanted}`,
    fix: `Meridian does not upgrade what EKS runs: ${how}. Then run this again with the same inputs.`,
    every,
    probe: async () => {
      const left = await look()
      return left.length === 0 ? done(undefined) : waiting(left.join('; '))
    },
  })
  return missing
}

/** Why a cluster cannot go from a minor version (`1.35`) to a release; patches of EKS are EKS's own. Pure. */
export function judgeVersion(from: string, to: string, karmada: string | undefined): string | undefined {
  return minorOf(to) === from ? undefined : refuseUpgrade(`${from}.0`, to, { karmada })
}

/** What does not run a minor version yet, or is still being changed. Pure. */
export function findMissing(
  wanted: string,
  { version, status }: Pick<EksCluster, 'version' | 'status'>,
  nodes: readonly Node[],
): string[] {
  const old = nodes.map(versionOfNode).filter(node => minorOf(node.version) !== wanted)
  return [
    ...(version === wanted ? [] : [`EKS runs ${version}`]),
    ...(status === 'ACTIVE' ? [] : [`EKS says ${status}`]),
    ...old.map(node => `${node.name} runs ${node.version}`),
  ]
}

const minorOf = (version: string): string | undefined => /^v?(1\.\d+)/.exec(version)?.[1]
