import { type Aws, type SignIn, signInOnce } from '@meridian/aws'
import { connectKops, exportKubeconfig, type Validation } from '@meridian/kops'
import { connectKube } from '@meridian/kube'
import type { Job } from '@meridian/runner'
import { kopsRequest } from '@meridian/tools'
import { bringUp } from './apply/create-or-update.ts'
import { keyAdvice, tellOtherKey } from './apply/state-key.ts'
import { countMachines, machineryOf } from './cost/count-machines.ts'
import { estimateCost } from './cost/estimate-cost.ts'
import { dryRun } from './dry-run.ts'
import { useEks, useExisting, useKind } from './existing/use-existing.ts'
import { checkUpgraded, tellOthers } from './health/check-upgraded.ts'
import { awaitHealth, lookWithKops } from './health/wait-for-health.ts'
import { awaitWorkloads } from './health/wait-for-workloads.ts'
import type { Inputs } from './inputs.ts'
import { checkZones } from './plan/check-zones.ts'
import { undertake } from './plan/granted-plan.ts'
import { publishCluster, publishIdentity } from './report/publish-cluster.ts'
import { publishKubeconfig } from './report/publish-kubeconfig.ts'
import { teardownAdvice } from './report/removal-advice.ts'

/** One cluster: made by kops, or found where it is, with a usable context and a look at its health. */
export async function run(inputs: Inputs, job: Job, signIn: SignIn = signInOnce(job, inputs)): Promise<void> {
  publishIdentity(inputs, job)
  if (inputs.kubeconfig !== undefined && inputs.provider === 'existing')
    return useExisting(inputs, inputs.kubeconfig, job)
  if (inputs.provider === 'kind') return useKind(inputs, job)
  if (inputs.provider === 'eks') return useEks(inputs, await signIn(), job)
  return make(inputs, await signIn(), job)
}

/** What kops looks after: it looks first, and writes afterwards. */
async function make(inputs: Inputs, aws: Aws, job: Job): Promise<void> {
  const { cluster } = inputs
  const kops = await connectKops(job, aws, kopsRequest(inputs))
  if (cluster.zones.length > 0) await checkZones(aws, cluster)
  const task = await undertake(inputs, { aws, kops }, job)
  if (inputs.dryRun) return dryRun(task)

  const { made, ...broughtUp } = await bringUp(task)
  await tellOtherKey(aws, inputs, task.identity.account, job.log)
  const machinery = made && machineryOf(made, cluster.region)
  const cost = machinery && estimateCost(machinery)
  job.output('hourly-cost', cost?.usd ?? '')
  job.output('created', broughtUp.created)
  if (inputs.upgrade) job.output('replaces', broughtUp.replaced)
  const kubeconfig = await exportKubeconfig(kops, cluster, inputs.adminLifetime, job)
  await publishKubeconfig(kubeconfig, job)
  const connection = { context: cluster.name, userAgent: job.userAgent, signal: job.signal, env: job.env }
  const kube = connectKube(kubeconfig, connection)
  job.output('api-endpoint', kube.server)
  const notWaitedFor: Validation = { ready: false, nodes: [], missing: 'it was not waited for' }
  const expected = machinery === undefined ? 0 : countMachines(machinery)
  const look = lookWithKops(inputs, expected, { aws, kops, kube, signal: job.signal })
  const advice = `${broughtUp.unclaimed ? '' : teardownAdvice(inputs)}${keyAdvice(inputs)}`
  const health = inputs.wait ? await awaitHealth(inputs, { look, kube, count: 1 }, job, advice) : notWaitedFor
  if (inputs.upgrade && health.ready && made) {
    await checkUpgraded(kube, made.kubernetesVersion)
    await awaitWorkloads(kube, job)
  } else if (health.ready && made && !broughtUp.created) {
    await tellOthers(kube, made.kubernetesVersion, cluster.fullName, job.log)
  }
  await publishCluster(inputs, { ...broughtUp, kube, health, cost }, job)
}
