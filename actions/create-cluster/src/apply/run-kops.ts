import {
  type ClusterSpec,
  createCluster,
  editCluster,
  type Kops,
  parseGroupNames,
  printCluster,
  reconcileCluster,
  replaceCluster,
  updateCluster,
} from '@meridian/kops'
import { type Job, UserError } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import type { Granted } from '../plan/granted-plan.ts'
import { isNew } from '../plan/plan.ts'
import { describeUpgrade } from '../plan/plan-upgrade.ts'
import { removalAdvice } from '../report/removal-advice.ts'

/** Lets kops do what was planned. `spec` is that of a cluster to be built anew, `instanceGroups` are saved of it. */
export async function carryOut(
  plan: Granted,
  inputs: Inputs,
  { spec, instanceGroups }: { spec: ClusterSpec | undefined; instanceGroups: readonly string[] },
  kops: Kops,
  job: Job,
): Promise<void> {
  const { adminLifetime, cluster } = inputs
  const { fullName } = cluster
  // kops has no flag for spot machines: what it would save is changed, and saved.
  if (plan.kind === 'create' && spec !== undefined && !spec.nodes.spot) {
    return job.log.group(`kops create cluster ${fullName}`, () =>
      createCluster(kops, spec, adminLifetime, job),
    )
  }
  if (isNew(plan) && spec !== undefined) {
    const yaml = await printCluster(kops, spec, job)
    checkGroups(instanceGroups, yaml, inputs)
    return job.log.group(`kops replace and update cluster ${fullName}`, async () => {
      await replaceCluster(kops, spec, yaml, job)
      await updateCluster(kops, cluster, adminLifetime, job)
    })
  }
  if (plan.kind !== 'update') return
  const { upgrade } = plan
  if (upgrade !== undefined)
    return job.log.group(`kops reconcile cluster ${fullName}: ${describeUpgrade(upgrade)}`, async () => {
      await editCluster(kops, cluster, { ...plan, version: upgrade.version, machines: upgrade.edits })
      await reconcileCluster(kops, cluster, job)
    })
  return job.log.group(`kops update cluster ${fullName}: it is there already`, async () => {
    await editCluster(kops, cluster, plan)
    await updateCluster(kops, cluster, adminLifetime, job)
  })
}

/** kops would build the groups of an earlier run's other inputs too. */
function checkGroups(saved: readonly string[], yaml: string, inputs: Inputs): void {
  const wanted = parseGroupNames(yaml)
  const strays = saved.filter(name => !wanted.includes(name))
  if (strays.length === 0) return
  throw new UserError(
    `${inputs.cluster.fullName}: an earlier run with other inputs saved the instance groups ${strays.join(', ')}, and did not build it`,
    { fix: `Restore those inputs to finish it. ${removalAdvice(inputs)}` },
  )
}
