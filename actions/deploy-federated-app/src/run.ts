import { identityOf } from '@meridian/identity'
import { type Cluster, type Placement, placementClusters } from '@meridian/karmada'
import type { Kube, KubeObject } from '@meridian/kube'
import { type Job, TimeoutError } from '@meridian/runner'
import { apply, check } from './apply.ts'
import { buildDesired } from './build-desired.ts'
import { chooseClusters, settlePlacement } from './choose-clusters.ts'
import { lookAtClaim } from './claim.ts'
import { explainStuck } from './explain-stuck.ts'
import type { Inputs } from './inputs.ts'
import { observe } from './observe.ts'
import { orderWaves } from './parse-waves.ts'
import type { Step } from './plan.ts'
import { findLeftovers, type Leftovers, limitDeletions, prune, removeOwn } from './prune.ts'
import { reachFederation } from './reach-federation.ts'
import { prepareTemplates, readManifests } from './read-templates.ts'
import { rollOut } from './roll-out.ts'
import { renderRegions } from './summary.ts'
import { tellArrivals, tellPlan } from './tell.ts'
import { type Arrival, readArrivals, type Voyage, waitDone } from './wait-done.ts'

/** What a run works with once the federation is reached. */
export type Work = {
  inputs: Inputs
  job: Job
  federation: Kube
  clusters: readonly Cluster[]
  placement: Placement
}

/** Brings the app to be as the manifests say, in every region, and tells the endpoint of each. */
export async function run(inputs: Inputs, job: Job): Promise<void> {
  const manifests = await readManifests(inputs, job.run.workspace)
  const federation = await reachFederation(inputs, job)
  await deploy(inputs, job, federation, manifests)
}

/** The recipe once the federation is reached. */
export async function deploy(
  inputs: Inputs,
  job: Job,
  federation: Kube,
  manifests: readonly KubeObject[],
): Promise<void> {
  const clusters = await chooseClusters(job, federation, inputs)
  const placement = settlePlacement(inputs.placement, clusters)
  const waves = orderWaves(inputs.waves, placementClusters(placement))

  const identity = { ...identityOf(inputs, job.run), app: inputs.app ?? 'default' }
  const templates = await prepareTemplates(inputs, federation, manifests, identity)
  const marks = { identity, run: job.run.url, commit: job.run.sha }
  const desired = buildDesired(templates, placement, marks, inputs)
  const steps = await observe(job, federation, desired, { identity, adopt: inputs.adopt })
  const leftovers = await findLeftovers(federation, desired, identity)
  tellPlan(job, inputs, steps, leftovers)
  if (inputs.prune) limitDeletions(leftovers, inputs.maxDeletes)
  await check(job, federation, steps, inputs.adopt)
  const claim = await lookAtClaim(inputs, job, federation, identity)
  if (inputs.dryRun) return
  // First of all: whatever dies half way is found through it.
  await claim?.write()

  const work = { inputs, job, federation, clusters, placement }
  const arrivals = await carryOut(work, steps, leftovers, waves)
  tellArrivals(job, arrivals, clusters)
  if (inputs.prune) await prune(job, federation, leftovers)
}

async function carryOut(
  work: Work,
  steps: readonly Step[],
  leftovers: Leftovers,
  waves: readonly string[][],
): Promise<Arrival[]> {
  const { inputs, job, federation, placement } = work
  const { adopt } = inputs
  for (const override of leftovers.overrides) await removeOwn(federation, override)
  if (inputs.rollout === 'all') await apply(job, federation, steps, adopt)
  else {
    const onStuck = (voyage: Voyage) => tellStuck(work, voyage)
    await rollOut(job, federation, { steps, placement, waves, adopt, patience: inputs.waveTimeout, onStuck })
  }
  return arrive(work, steps)
}

async function arrive(work: Work, steps: readonly Step[]): Promise<Arrival[]> {
  const { inputs, job, federation, placement } = work
  const templates = steps
    .filter(({ object, role }) => role === 'template' && object.kind !== 'Namespace')
    .map(({ object }) => object)
  const voyage = { templates, placement }
  if (!inputs.wait) return readArrivals(federation, voyage)
  try {
    return await waitDone(job, federation, voyage)
  } catch (error) {
    if (error instanceof TimeoutError) await tellStuck(work, voyage)
    throw error
  }
}

async function tellStuck({ job, federation, clusters }: Work, voyage: Voyage): Promise<void> {
  const arrivals = await readArrivals(federation, voyage)
  job.summary(renderRegions(arrivals, clusters, []))
  await explainStuck(job, federation, arrivals)
}
