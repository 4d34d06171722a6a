import { connectAws } from '@meridian/aws'
import { completeClusters } from '@meridian/environment'
import {
  connectFederation,
  exposeApi,
  findFederation,
  listClusters,
  waitFederationAnswers,
} from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import type { Job } from '@meridian/runner'
import { ensureControlPlane, readControlPlane, type UsableControlPlane } from './ensure-control-plane.ts'
import { exportKubeconfig } from './export-kubeconfig.ts'
import type { Inputs } from './inputs.ts'
import { joinAll } from './join-all.ts'
import { isEmptyPlan, type Plan, planFederation } from './plan.ts'
import { reachMembers } from './reach-members.ts'
import { describeMember, renderClusters, renderPlan } from './summary.ts'

/** Brings a federation to be as the inputs say: a control plane, its API's load balancer, and the members. */
export async function run(inputs: Inputs, job: Job): Promise<void> {
  const clusters = completeClusters(inputs.clusters, inputs)
  const hostName = inputs.host ?? clusters[0]?.name
  job.output('context', inputs.name)
  job.output('host', hostName ?? '')
  job.advice(removalAdvice(inputs))

  const aws = await connectAws(job, inputs)
  const members = await reachMembers(job, aws, clusters, inputs)
  const host = members.find(({ descriptor }) => descriptor.name === hostName)?.kube
  if (host === undefined) throw new Error(`${hostName} is not among the clusters`)

  const controlPlane = await readControlPlane(job, host)
  if (inputs.dryRun) {
    const present = controlPlane.state === 'whole' ? await findFederation(job, host, inputs.name) : undefined
    return tellPlan(job, inputs, host, await plan(inputs, controlPlane.state, present))
  }

  const installed = await ensureControlPlane(job, host, controlPlane, inputs)
  const api = await exposeApi(job, host, inputs.apiAllowedCidrs ?? [])
  const federation = await connectFederation(job, host, inputs.name)
  job.output('api-endpoint', federation.server)
  await waitFederationAnswers(job, federation)

  const steps = await plan(inputs, 'whole', federation)
  const { joins, clusters: joined } = await joinAll(job, federation, members, steps)
  const kubes = members.map(({ kube }) => kube)
  job.output('kubeconfig', await exportKubeconfig(job, kubes, federation))
  job.output('clusters', joined.map(describeMember))
  job.output(
    'joined',
    joins.flatMap(({ name, outcome }) => (outcome === 'joined' ? [name] : [])),
  )
  const touched = joins.some(({ outcome }) => outcome !== 'unchanged') || steps.unjoin.length > 0
  job.output('changed', installed || api.changed || touched)
  job.summary(renderClusters(inputs.name, host.context, joined))
}

/** `federation` is undefined where the control plane cannot be asked for its members yet. */
async function plan(
  inputs: Inputs,
  controlPlane: UsableControlPlane['state'],
  federation: Kube | undefined,
): Promise<Plan> {
  return planFederation({
    controlPlane,
    joined: federation && (await listClusters(federation)),
    wanted: inputs.clusters.map(({ name }) => name),
    prune: inputs.prune,
  })
}

function tellPlan(job: Job, inputs: Inputs, host: Kube, steps: Plan): void {
  job.output('changed', !isEmptyPlan(steps))
  job.summary(renderPlan(inputs.name, host.context, steps))
}

/** The sentence that is printed when the run is cut short. */
function removalAdvice(inputs: Inputs): string {
  const names = inputs.clusters.map(({ name, region }) => ({ name, region }))
  const environment = inputs.environment ? `, environment: ${inputs.environment}` : ''
  return `To remove it, run teardown with clusters: ${JSON.stringify(names)}, domain: ${inputs.domain}${environment}. To go on, run federate again.`
}
