import { type Aws, type SignIn, signInOnce } from '@meridian/aws'
import { completeClusters, describeGiven, type Identity, identityOf } from '@meridian/identity'
import {
  describeTenants,
  isExposed,
  isOlderInstallation,
  type Joined,
  judgeListed,
  listGuests,
  type MemberOwner,
  readJoins,
  renewControllers,
  type Tenant,
  tellFailover,
  waitControlPlane,
} from '@meridian/karmada'
import type { Kube } from '@meridian/kube'
import { decided, type Job, typedInputs, UserError } from '@meridian/runner'
import { ensurePlane } from './control-plane/ensure-control-plane.ts'
import { guardJob, holdHost } from './control-plane/host-lease.ts'
import { type Plane, readPlane } from './control-plane/read-control-plane.ts'
import { exportKubeconfig } from './export-kubeconfig.ts'
import type { Inputs } from './inputs.ts'
import { guardRecords } from './members/check-records.ts'
import { judgeVersions } from './members/check-versions.ts'
import {
  type Connected,
  connectMembers,
  explainLoss,
  meetMembers,
  type Reached,
} from './members/connect-members.ts'
import { joinAll, type Membership } from './members/join-members.ts'
import { judgeClusters } from './members/judge-clusters.ts'
import { isEmptyPlan, type Plan, planFederation } from './plan.ts'
import { describeMember, renderMembership, renderPlan } from './summary.ts'

/** What a run works with once the clusters are reached. */
type Work = {
  inputs: Inputs
  job: Job
  aws: Aws
  identity: Identity
  /** The same in the account of the clusters that kops made: members of another are not its own. */
  joiner: Identity
  members: readonly Connected[]
}

/** The same when all of them have answered. */
type Met = Work & { members: readonly Reached[] }

/** Brings a federation to be as the inputs say: a control plane, its API's load balancer, and the members. */
export async function run(
  inputs: Inputs,
  given: Job,
  signIn: SignIn = signInOnce(given, inputs),
): Promise<void> {
  const guarded = guardJob(given)
  const { job } = guarded
  job.output('context', inputs.name)
  job.output('host', hostOf(inputs) ?? '')
  const aws = await signIn()
  const identity = identityOf(inputs, job.run)
  const { stateStoreAccount } = inputs
  const clusters = completeClusters(inputs.clusters, inputs)
  const joinable = await judgeClusters(job, aws, clusters, { identity, stateStoreAccount })
  const members = await connectMembers(job, aws, joinable, inputs, hostOf(inputs))
  const account = joinable.find(one => one.account !== undefined)?.account
  const work = { inputs, job, aws, identity, joiner: { ...identity, account }, members }
  try {
    const { plane, met, found } = await lookAtAll(work)
    const plan = await planAhead(met, plane, found)
    const guests = await guardPlan(met, plane, plan)
    if (inputs.dryRun) return tellPlan(job, inputs, plan, guests)
    job.advice(removalAdvice(inputs))
    if (isEmptyPlan(plan)) return await federate(met, plane, found)
    await using _ = await holdHost(guarded, plane.host)
    // Whoever had the lease before may have done it all.
    const now = await look(met)
    judgeVersions(job, now.version, met.members)
    await federate(met, now)
  } catch (error) {
    throw explainLoss(error, members)
  }
}

async function look({ inputs, job, identity, joiner, members }: Work): Promise<Plane> {
  const plane = await readPlane(job, inputs, members, { identity, joiner })
  job.output('karmada-version', plane.version)
  return plane
}

/** What there is of the control plane, and then of the members, which by what that has of them need less be asked. */
async function lookAtAll(work: Work): Promise<{ plane: Plane; met: Met; found: Found }> {
  const { job, members } = work
  const plane = await look(work)
  const { federation, members: present } = plane
  const joins = federation && present && (await readJoins(federation, namesOf(members)))
  const met = await meetMembers(job, members, { joins, owner: ownerOf(work, plane) })
  judgeVersions(job, plane.version, met)
  const outcomes = met.flatMap(({ descriptor, outcome }) =>
    outcome ? [[descriptor.name, outcome] as const] : [],
  )
  return { plane, met: { ...work, members: met }, found: new Map(outcomes) }
}

type Found = ReadonlyMap<string, Joined['outcome']>

/** Members that were `found` to be as they should be are not looked at again. */
async function federate(work: Met, plane: Plane, found: Found = new Map()): Promise<void> {
  const { inputs, job, members, identity, joiner } = work
  const { federation, changed } = await ensurePlane(job, inputs, plane, identity)
  const kubes = members.map(({ kube }) => kube)
  job.output('api-endpoint', federation.server)
  job.output('kubeconfig', await exportKubeconfig(job, kubes, federation))

  const joins = await readJoins(federation, namesOf(members))
  const present = judgeListed(joins.clusters, joiner, plane.claim)
  const settled = { step: 'use', expose: false, claim: false } as const
  const plan = tellDecided(planFederation({ ...inputs, ...settled, joined: present }))
  const guests = await guardPlan(work, { ...plane, federation, members: present }, plan)
  if (guests.length > 0)
    job.log.warning(`With the members that leave goes what runs there of others: ${describeTenants(guests)}.`)
  const renew = (joins: readonly Joined[]) => renewPlane(job, plane, federation, joins)
  const owner = ownerOf(work, plane)
  const membership = await joinAll(job, { federation, members, owner, present, plan, joins, found, renew })
  const failover = await tellFailover(federation, plane.host)
  job.log.info(failover)
  tellMembership(job, inputs, { ...membership, failover }, changed)
}

function ownerOf({ inputs, joiner }: Work, { claim }: Plane): MemberOwner {
  return { identity: joiner, plane: claim, adopt: inputs.adopt }
}

const namesOf = (members: readonly Connected[]) => members.map(({ descriptor }) => descriptor.name)

/** What a run would do, as far as it can be told. */
async function planAhead(work: Work, plane: Plane, found: Found): Promise<Plan> {
  const { inputs } = work
  const { host, step, claim, members: joined } = plane
  const ours = host !== undefined && (step !== 'use' || claim?.kind === 'ours')
  const expose = ours && !(await isExposed(host, inputs.apiAllowedCidrs ?? []))
  return tellDecided(
    planFederation({ ...inputs, step, expose, claim: isOlderInstallation(claim), joined, found }),
  )
}

const tellDecided = (plan: Plan) => decided('the federation', plan, JSON.stringify)

/** Refuses to unjoin a member to which a record still leads; returns what of others leaves with the members. */
async function guardPlan({ aws, identity }: Work, plane: Plane, { unjoin }: Plan): Promise<Tenant[]> {
  const { federation, members = [], claim } = plane
  if (federation === undefined) return []
  const leaving = members.filter(({ name }) => unjoin.includes(name))
  await guardRecords(aws, federation, leaving, identity)
  return listGuests(federation, unjoin, identity, claim)
}

/** Controllers that still use a former member's credentials start anew; those that others run can only be named. */
async function renewPlane(
  job: Job,
  { host, step, claim }: Plane,
  federation: Kube,
  joins: readonly Joined[],
): Promise<void> {
  if (host !== undefined && (step !== 'use' || claim?.kind === 'ours')) {
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

function tellPlan(job: Job, inputs: Inputs, steps: Plan, guests: readonly Tenant[]): void {
  job.output('changed', !isEmptyPlan(steps))
  job.summary(renderPlan(inputs.name, hostOf(inputs), steps, guests))
}

/** Tells what became of the members, also of those that failed. */
function tellMembership(
  job: Job,
  inputs: Inputs,
  membership: Membership & { failover: string },
  changed: boolean,
): void {
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

/** The sentence that is printed when the run is cut short; exported for its tests. */
export function removalAdvice(inputs: Inputs): string {
  if (inputs.controlPlane === 'existing') return 'To go on, run federate again.'
  const { host, name, domain, environment, repository, stateStoreAccount } = inputs
  const given = typedInputs({
    scope: 'dns,app,federation',
    clusters: JSON.stringify(inputs.clusters.map(describeGiven)),
    host,
    federation: name === 'fed' ? undefined : name,
    domain,
    environment,
    repository,
    'state-store-account': stateStoreAccount,
  })
  return `To remove the federation with what it serves, and keep the clusters, run teardown with ${given}. To go on, run federate again.`
}
