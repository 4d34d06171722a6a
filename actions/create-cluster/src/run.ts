import { connectAws, s3 } from '@meridian/aws'
import {
  connectKops,
  ensureStateBucket,
  exportKubeconfig,
  type Kops,
  type KopsCluster,
  type Validation,
} from '@meridian/kops'
import { connectKube } from '@meridian/kube'
import type { Job } from '@meridian/runner'
import { kopsRequest } from '@meridian/tools'
import { awaitHealth } from './await-health.ts'
import { bringUp } from './bring-up.ts'
import { checkZones } from './check-zones.ts'
import { certify, specifyCluster } from './cluster-spec.ts'
import { estimateCost } from './cost.ts'
import { dryRun } from './dry-run.ts'
import type { Inputs } from './inputs.ts'
import { teardownAdvice } from './leave-word.ts'
import { publishKubeconfig } from './publish-kubeconfig.ts'
import { describeCost, renderCluster } from './summary.ts'

/** One cluster: its state bucket first, then kops, a usable context, and a look at its health. */
export async function run(inputs: Inputs, job: Job): Promise<void> {
  const { cluster } = inputs
  publishIdentity(inputs, job)
  const aws = await connectAws(job, inputs)
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
  const store = s3(aws, cluster.region)
  if (inputs.dryRun) return dryRun(inputs, spec, cost, { s3: store, kops }, job)

  job.advice(teardownAdvice(inputs))
  const bucket = await ensureStateBucket(store, {
    name: inputs.bucket,
    region: cluster.region,
    tags: birth,
    job,
  })
  job.exists(`state bucket ${inputs.bucket}`)
  const expiresAt = bucket.tags['meridian:expires-at']
  job.output('expires-at', expiresAt ?? '')
  const created = await bringUp(inputs, spec, store, kops, job)
  job.output('created', created)

  const kubeconfig = await exportKubeconfig(kops, cluster, inputs.adminLifetime, job)
  await publishKubeconfig(kubeconfig, job)
  const kube = connectKube(kubeconfig, {
    context: cluster.name,
    userAgent: job.userAgent,
    signal: job.signal,
  })
  job.output('api-endpoint', kube.server)
  const health = await observeHealth(inputs, spec, kops, job)
  job.output('nodes', health.nodes)
  const kubernetesVersion = health.ready
    ? (await kube.request<{ gitVersion: string }>('GET', '/version')).gitVersion.replace(/^v/, '')
    : ''
  job.output('kubernetes-version', kubernetesVersion)
  job.log.info(`${cluster.fullName} is ${health.ready ? 'ready' : 'on its way'}: ${describeCost(cost)}.`)
  job.summary(
    renderCluster(inputs, {
      created,
      nodes: health.nodes,
      kubernetesVersion,
      apiEndpoint: kube.server,
      expiresAt,
      cost,
    }),
  )
}

/** What follows from the inputs alone is said first, so that it is known however the run ends. */
function publishIdentity({ cluster }: Inputs, job: Job): void {
  job.output('name', cluster.name)
  job.output('full-name', cluster.fullName)
  job.output('context', cluster.name)
  job.output('region', cluster.region)
  job.output('zones', cluster.zones.join(','))
  job.output('state-store', cluster.stateStore)
  job.output('cluster', cluster)
}

async function observeHealth(
  inputs: Inputs,
  cluster: KopsCluster,
  kops: Kops,
  job: Job,
): Promise<Validation> {
  if (inputs.wait) return awaitHealth(inputs, cluster, kops, job)
  return { ready: false, nodes: [], missing: 'it was not waited for' }
}
