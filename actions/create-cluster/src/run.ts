import { type Aws, connectAws, s3 } from '@meridian/aws'
import { connectKops, exportKubeconfig, type Validation } from '@meridian/kops'
import { connectKube } from '@meridian/kube'
import type { Job } from '@meridian/runner'
import { kopsRequest } from '@meridian/tools'
import { awaitHealth, lookWithKops } from './await-health.ts'
import { bringUp } from './bring-up.ts'
import { checkZones } from './check-zones.ts'
import { certify, specifyCluster } from './cluster-spec.ts'
import { estimateCost } from './cost.ts'
import { dryRun } from './dry-run.ts'
import type { Inputs } from './inputs.ts'
import { teardownAdvice } from './leave-word.ts'
import { publishCluster, publishIdentity } from './publish-cluster.ts'
import { publishKubeconfig } from './publish-kubeconfig.ts'
import { useExisting } from './use-existing.ts'

/** One cluster: made by kops, or found where it is, with a usable context and a look at its health. */
export async function run(inputs: Inputs, job: Job): Promise<void> {
  publishIdentity(inputs, job)
  if (inputs.kubeconfig !== undefined && inputs.provider === 'existing')
    return useExisting(inputs, inputs.kubeconfig, job)
  return make(inputs, await connectAws(job, inputs), job)
}

/** kops makes it: its state bucket first, then all else. */
async function make(inputs: Inputs, aws: Aws, job: Job): Promise<void> {
  const { cluster } = inputs
  const kops = await connectKops(job, aws, kopsRequest(inputs))
  await checkZones(aws, cluster)
  const birth = certify(inputs, job, new Date())
  const spec = await specifyCluster(inputs, birth, job, aws)
  const cost = estimateCost({
    ...spec,
    region: cluster.region,
    zones: inputs.zones.length,
    apiLoadBalancer: spec.dnsZone === undefined,
  })
  job.output('hourly-cost', cost?.usd ?? '')
  const tools = { s3: s3(aws, cluster.region), kops }
  if (inputs.dryRun) return dryRun(inputs, spec, cost, tools, job)

  job.advice(teardownAdvice(inputs))
  const broughtUp = await bringUp(inputs, spec, birth, tools, job)
  job.output('created', broughtUp.created)
  const kubeconfig = await exportKubeconfig(kops, cluster, inputs.adminLifetime, job)
  await publishKubeconfig(kubeconfig, job)
  const connection = { context: cluster.name, userAgent: job.userAgent, signal: job.signal }
  const kube = connectKube(kubeconfig, connection)
  job.output('api-endpoint', kube.server)
  const notWaitedFor: Validation = { ready: false, nodes: [], missing: 'it was not waited for' }
  const look = () => lookWithKops(inputs, spec, { aws, kops })
  const health = inputs.wait ? await awaitHealth(inputs, look, job) : notWaitedFor
  await publishCluster(inputs, { ...broughtUp, kube, health, cost }, job)
}
