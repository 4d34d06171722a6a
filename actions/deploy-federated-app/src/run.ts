import { type SignIn, signInOnce } from '@meridian/aws'
import { identityOf, objectLabels } from '@meridian/identity'
import { type Cluster, claimObject, placementClusters, removeOwned, tellFailover } from '@meridian/karmada'
import { describeRef, type Kube, type KubeObject, refOf } from '@meridian/kube'
import { type Job, TimeoutError } from '@meridian/runner'
import { check, createWriter, latestOf, type Writer } from './apply/apply.ts'
import { findLeftovers, type Leftovers, limitDeletions, prune } from './apply/prune.ts'
import { explainReverted, revertApplied } from './apply/revert.ts'
import { reachFederation } from './federation/connect-federation.ts'
import { readEnvironmentClaim } from './federation/environment-claim.ts'
import { readMemberClasses } from './federation/load-balancer-classes.ts'
import { readMembers } from './federation/members.ts'
import type { Inputs } from './inputs.ts'
import { prepareTemplates, readManifests } from './manifests/read-manifests.ts'
import type { AppPlacement } from './placement/app-placement.ts'
import { findAutoscalers, prepareAutoscaled, tellAutoscaled } from './placement/autoscaling.ts'
import { chooseClusters, settlePlacement } from './placement/choose-clusters.ts'
import { placeWithoutOut } from './placement/exclude-regions.ts'
import { buildDesired } from './plan/build-desired.ts'
import type { Step } from './plan/plan.ts'
import { readLiveObjects } from './plan/read-live-objects.ts'
import { explainStuck } from './report/explain-stuck.ts'
import { reportPlan, reportStatus } from './report/report.ts'
import { orderWaves } from './rollout/parse-waves.ts'
import { rollOut } from './rollout/roll-out.ts'
import type { TemplateStatus } from './status/template-status.ts'
import { type AppTarget, readAppStatus, waitForApp } from './status/wait-for-app.ts'
import { renderRegions } from './summary.ts'

/** What a run works with once the federation is reached. */
export type Work = {
  inputs: Inputs
  job: Job
  federation: Kube
  clusters: readonly Cluster[]
  placement: AppPlacement
  writer: Writer
  /** When the run began to work on the app, by the federation's clock. */
  since: number
}

/** Brings the app to be as the manifests say, in every region, and tells the endpoint of each. */
export async function run(inputs: Inputs, job: Job, signIn: SignIn = signInOnce(job, inputs)): Promise<void> {
  const manifests = await readManifests(inputs, job)
  const federation = await reachFederation(inputs, readMembers(inputs), job, signIn)
  await deploy(inputs, job, federation, manifests, signIn)
}

/** The recipe once the federation is reached. */
export async function deploy(
  inputs: Inputs,
  job: Job,
  federation: Kube,
  manifests: readonly KubeObject[],
  signIn: SignIn = signInOnce(job, inputs),
): Promise<void> {
  const given = await placeWithoutOut(inputs, job, federation, signIn)
  const clusters = await chooseClusters(job, federation, { ...inputs, placement: given })
  const since = federation.serverTime()
  const spread = settlePlacement(given, clusters)
  const waves = orderWaves(inputs.waves, placementClusters(spread))

  const identity = { ...identityOf(inputs, job.run), app: inputs.app ?? 'default' }
  const prepared = await prepareTemplates(inputs, federation, manifests, identity)
  const isPruned = (object: KubeObject) => inputs.prune && claimObject(object, identity).kind === 'ours'
  const autoscaled = prepareAutoscaled(prepared, await findAutoscalers(federation, prepared, isPruned))
  const { templates, unsized } = autoscaled
  const placement = { ...spread, unsized }
  const idle = Object.keys(spread.kinds ?? {}).filter(kind => !templates.some(each => each.kind === kind))
  if (idle.length > 0)
    job.log.warning(`placement names ${idle.join(', ')}, of which the manifests hold none.`)
  const marks = { identity, run: job.run.url, commit: job.run.sha }
  const classes = await readMemberClasses(federation, templates, {
    clusters: placementClusters(spread),
    adopt: inputs.adopt,
  })
  const desired = buildDesired(templates, placement, marks, { adopt: inputs.adopt, classes })
  const writer = createWriter({ identity, adopt: inputs.adopt })
  const steps = await readLiveObjects(job, federation, desired, writer)
  const leftovers = await findLeftovers(federation, desired, identity)
  reportPlan(job, inputs, steps, leftovers)
  tellAutoscaled(job, autoscaled)
  if (inputs.prune) limitDeletions(leftovers, inputs.maxDeletes)
  await check(job, federation, steps, writer)
  const claim = await readEnvironmentClaim(inputs, readMembers(inputs), job, federation, identity, signIn)
  if (inputs.dryRun) return
  // First of all: whatever dies half way is found through it.
  await claim?.write()

  const work = { inputs, job, federation, clusters, placement, writer, since }
  const statuses = await carryOut(work, steps, leftovers, waves)
  reportStatus(job, statuses, clusters, await tellFailover(federation))
  if (inputs.prune) await prune(job, federation, leftovers)
}

async function carryOut(
  work: Work,
  steps: readonly Step[],
  leftovers: Leftovers,
  waves: readonly string[][],
): Promise<TemplateStatus[]> {
  const { inputs, job, federation, placement, writer } = work
  for (const override of leftovers.overrides) {
    await removeOwned(federation, override)
    writer.written.set(describeRef(refOf(override)), { object: undefined, before: override })
  }
  const onStuck = (target: AppTarget) => tellStuck(work, target)
  const order = inputs.rollout === 'waves' ? waves : undefined
  const plan = { steps, placement, waves: order, writer, patience: inputs.waveTimeout, onStuck }
  await rollOut(job, federation, plan).catch(async error => {
    job.signal.throwIfAborted()
    throw writer.refused.size === 0 ? error : explainReverted(error, await revertApplied(federation, writer))
  })
  return arrive(work, steps)
}

async function arrive(work: Work, steps: readonly Step[]): Promise<TemplateStatus[]> {
  const { inputs, job, federation, placement } = work
  const templates = steps
    .filter(({ object, role }) => role === 'template' && object.kind !== 'Namespace')
    .map(step => latestOf(step, work.writer))
  const changed = steps
    .filter(({ action, role }) => action === 'change' && role === 'template')
    .map(({ object }) => describeRef(refOf(object)))
  const labels = objectLabels(work.writer.identity)
  const target = { templates, placement, changed: { names: new Set(changed), labels } }
  if (!inputs.wait) return readAppStatus(federation, target)
  try {
    return await waitForApp(job, federation, target)
  } catch (error) {
    if (error instanceof TimeoutError) await tellStuck(work, target)
    throw error
  }
}

async function tellStuck({ job, federation, clusters, since }: Work, target: AppTarget): Promise<void> {
  const statuses = await readAppStatus(federation, target)
  job.summary(renderRegions(statuses, clusters, []))
  await explainStuck(job, federation, statuses, since)
}
