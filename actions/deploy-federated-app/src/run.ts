import { objectLabels, ownerOf } from '@meridian/environment'
import type { Cluster } from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { type Job, TimeoutError } from '@meridian/runner'
import { apply } from './apply.ts'
import { buildDesired } from './build-desired.ts'
import { chooseClusters, settlePlacement } from './choose-clusters.ts'
import { countReplicas, listEndpoints } from './endpoints.ts'
import { explainStuck } from './explain-stuck.ts'
import type { Inputs } from './inputs.ts'
import { observe } from './observe.ts'
import type { Step } from './plan.ts'
import { reachFederation } from './reach-federation.ts'
import { prepareTemplates, readManifests } from './read-templates.ts'
import { renderPlan, renderRegions } from './summary.ts'
import { type Arrival, readArrivals, waitDone } from './wait-done.ts'

/** Brings the app to be as the manifests say, in every region, and tells the endpoint of each. */
export async function run(inputs: Inputs, job: Job): Promise<void> {
  const manifests = await readManifests(inputs, job.run.workspace)
  const federation = await reachFederation(inputs, job)
  const clusters = await chooseClusters(job, federation, inputs)
  const placement = settlePlacement(inputs.placement, clusters)

  const templates = await prepareTemplates(inputs, federation, manifests)
  const identity = { domain: inputs.domain ?? '', environment: inputs.environment }
  const marks = { labels: objectLabels(identity), run: job.run.url, commit: job.run.sha }
  const steps = await observe(federation, buildDesired(templates, placement, marks), ownerOf(identity))
  const changed = steps.some(({ action }) => action !== 'keep')
  job.output('changed', changed)
  if (!changed) job.log.info('Nothing to change: the federation holds what the manifests say.')
  job.output('resources', steps.map(describeStep))
  job.summary(renderPlan(steps, inputs.dryRun))

  job.advice(removalAdvice(inputs))
  await apply(job, federation, steps, inputs.dryRun)
  if (inputs.dryRun) return

  const arrivals = await arrive(inputs, job, federation, steps, clusters)
  tell(job, arrivals, clusters)
}

async function arrive(
  inputs: Inputs,
  job: Job,
  federation: Kube,
  steps: readonly Step[],
  clusters: readonly Cluster[],
): Promise<Arrival[]> {
  const placement = settlePlacement(inputs.placement, clusters)
  const templates = steps
    .filter(({ object, role }) => role === 'template' && object.kind !== 'Namespace')
    .map(({ object }) => object)
  if (!inputs.wait) return readArrivals(federation, templates, placement)
  try {
    return await waitDone(job, federation, templates, placement)
  } catch (error) {
    if (error instanceof TimeoutError) {
      const arrivals = await readArrivals(federation, templates, placement)
      job.summary(renderRegions(arrivals, clusters, []))
      await explainStuck(job, federation, arrivals)
    }
    throw error
  }
}

/** Sets the outputs only when every region is there: half a list must not be taken for a whole one. */
function tell(job: Job, arrivals: readonly Arrival[], clusters: readonly Cluster[]): void {
  const names = clusters.map(({ metadata }) => metadata.name)
  const replicas = countReplicas(arrivals, names)
  if (!arrivals.every(({ status }) => status.done)) {
    job.log.warning('The app does not run everywhere yet: endpoints and replicas are not set.')
    job.summary(renderRegions(arrivals, clusters, []))
    return
  }
  const endpoints = listEndpoints(arrivals, clusters)
  job.output('endpoints', endpoints)
  job.output(
    'hostnames',
    endpoints.map(({ hostname }) => hostname),
  )
  job.output('replicas', replicas)
  const spread = Object.entries(replicas).map(([name, count]) => `${name} ${count}`)
  job.log.info(`The app runs everywhere: ${spread.join(', ')} ready pods.`)
  job.summary(renderRegions(arrivals, clusters, endpoints))
}

function describeStep({ object, action }: Step) {
  const { name, namespace } = object.metadata
  return { kind: object.kind, ...(namespace && { namespace }), name, action }
}

/** The sentence that is printed when the run is cut short. */
function removalAdvice(inputs: Inputs): string {
  const names = inputs.clusters?.map(({ name, region }) => ({ name, region }))
  const where = names ? ` with clusters: ${JSON.stringify(names)}, domain: ${inputs.domain}` : ''
  const environment = inputs.environment ? `, environment: ${inputs.environment}` : ''
  return `To remove the app, run teardown${where}${environment}, scope: app. To go on, run deploy-federated-app again.`
}
