import { connectAws } from '@meridian/aws'
import { completeClusters } from '@meridian/identity'
import {
  inspectMember,
  isExposed,
  type Joined,
  listClusters,
  renewControllers,
  waitControlPlane,
} from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import { judgeVersions } from './check-versions.ts'
import { type Plane, readPlane } from './control-plane.ts'
import { ensurePlane } from './ensure-plane.ts'
import { exportKubeconfig } from './export-kubeconfig.ts'
import type { Inputs } from './inputs.ts'
import { joinAll, type Membership, placeOf } from './join-all.ts'
import { isEmptyPlan, type Plan, planFederation } from './plan.ts'
import { explainLoss, type Reached, reachMembers } from './reach-members.ts'
import { describeMember, renderMembership, renderPlan } from './summary.ts'

/** Brings a federation to be as the inputs say: a control plane, its API's load balancer, and the members. */
export async function run(inputs: Inputs, job: Job): Promise<void> {
  job.output('context', inputs.name)
  job.output('host', hostOf(inputs) ?? '')
  job.advice(removalAdvice(inputs))
  const aws = await connectAws(job, inputs)
  const members = await reachMembers(job, aws, completeClusters(inputs.clusters, inputs), inputs)
  try {
    await federate(inputs, job, members)
  } catch (error) {
    throw explainLoss(error, members)
  }
}

async function federate(inputs: Inputs, job: Job, members: readonly Reached[]): Promise<void> {
  const plane = await readPlane(job, inputs, members)
  judgeVersions(job, plane.version, members)
  job.output('karmada-version', plane.version)
  if (inputs.dryRun) return tellPlan(job, inputs, await planAhead(inputs, plane, members))

  const { federation, changed } = await ensurePlane(job, inputs, plane)
  const kubes = members.map(({ kube }) => kube)
  job.output('api-endpoint', federation.server)
  job.output('kubeconfig', await exportKubeconfig(job, kubes, federation))

  const joined = await listClusters(federation)
  const steps = planFederation({ ...inputs, step: 'use', expose: false, joined })
  const renew = (joins: readonly Joined[]) => renewPlane(job, plane, federation, joins)
  const membership = await joinAll(job, federation, members, steps, renew)
  tellMembership(job, inputs, membership, changed)
}

/** What a run would do, read as far as there is something to read. */
async function planAhead(inputs: Inputs, plane: Plane, members: readonly Reached[]): Promise<Plan> {
  const { federation, host, step } = plane
  const expose = host !== undefined && !(await isExposed(host, inputs.apiAllowedCidrs ?? []))
  const joined = federation && (await listClusters(federation))
  const found = new Map<string, Joined['outcome']>()
  if (federation !== undefined)
    for (const member of members) {
      const { name } = member.descriptor
      found.set(name, await inspectMember(federation, member.kube, placeOf(member)))
    }
  return planFederation({ ...inputs, step, expose, joined, found })
}

/** Controllers that still use a former member's credentials start anew; those that others run can only be named. */
async function renewPlane(
  job: Job,
  { host }: Plane,
  federation: Kube,
  joins: readonly Joined[],
): Promise<void> {
  if (host !== undefined) {
    if (!(await renewControllers(host, federation))) return
    job.log.info('Credentials of a member were replaced: the controllers start anew.')
    await waitControlPlane(job, host)
    return
  }
  const replaced = joins.filter(({ outcome }) => outcome === 'repaired' || outcome === 'rebuilt')
  if (replaced.length === 0) return
  const names = replaced.map(({ name }) => name).join(', ')
  job.log.warning(
    `The join of ${names} has changed: before Karmada 1.19, restart karmada-controller-manager so that it takes up new credentials.`,
  )
}

function tellPlan(job: Job, inputs: Inputs, steps: Plan): void {
  job.output('changed', !isEmptyPlan(steps))
  job.summary(renderPlan(inputs.name, hostOf(inputs), steps))
}

/** Tells what became of the members, also of those that failed. */
function tellMembership(job: Job, inputs: Inputs, membership: Membership, changed: boolean): void {
  const { joins, unjoins, clusters, problems } = membership
  const touched = joins.some(({ outcome }) => outcome !== 'unchanged') || unjoins.length > 0
  job.output('clusters', clusters.map(describeMember))
  job.output(
    'joined',
    joins.flatMap(({ name, outcome }) => (outcome === 'joined' ? [name] : [])),
  )
  job.output(
    'unjoined',
    unjoins.map(({ name }) => name),
  )
  job.output('changed', changed || touched)
  job.summary(renderMembership(inputs.name, hostOf(inputs), membership))
  if (problems.length === 0) return
  throw new UserError(`not all members take part:\n${problems.map(problem => `- ${problem}`).join('\n')}`, {
    fix: 'Mend what is named and run this again: it goes on where it stopped, and leaves the others as they are.',
  })
}

/** The name of the host cluster; undefined where others run the control plane. */
function hostOf({ controlPlane, host, clusters }: Inputs): string | undefined {
  return controlPlane === 'existing' ? undefined : (host ?? clusters[0]?.name)
}

/** The sentence that is printed when the run is cut short. */
function removalAdvice(inputs: Inputs): string {
  if (inputs.controlPlane === 'existing') return 'To go on, run federate again.'
  const names = inputs.clusters.map(({ name, region }) => ({ name, region }))
  const environment = inputs.environment ? `, environment: ${inputs.environment}` : ''
  return `To remove it, run teardown with clusters: ${JSON.stringify(names)}, domain: ${inputs.domain}${environment}. To go on, run federate again.`
}
