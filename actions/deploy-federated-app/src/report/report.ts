import { describeGiven } from '@meridian/identity'
import type { Cluster } from '@meridian/karmada'
import { describeRef, type ObjectRef, refOf } from '@meridian/kube'
import { type Job, typedInputs } from '@meridian/runner'
import type { Leftovers } from '../apply/prune.ts'
import type { Inputs } from '../inputs.ts'
import type { Step } from '../plan/plan.ts'
import { listSuspendedChanges } from '../rollout/plan-suspended-changes.ts'
import type { TemplateStatus } from '../status/template-status.ts'
import { renderPlan, renderRegions } from '../summary.ts'
import { countReplicas, findIdle, listEndpoints } from './endpoints.ts'

/** By which teardown finds again what was deployed. */
type Built = Pick<
  Inputs,
  'app' | 'clusters' | 'domain' | 'environment' | 'federation' | 'host' | 'repository' | 'stateStoreAccount'
>
type Teller = Pick<Job, 'log' | 'output' | 'summary'>

/** Tells what is going to be done, before any of it is. */
export function reportPlan(
  job: Teller & Pick<Job, 'advice'>,
  inputs: Pick<Inputs, 'dryRun' | 'prune'> & Built,
  steps: readonly Step[],
  leftovers: Leftovers,
): void {
  const { app, dryRun, prune } = inputs
  const { templates, policies, overrides } = leftovers
  const deleted = [...(prune ? [...templates, ...policies] : []), ...overrides].map(refOf)
  const changed = deleted.length > 0 || steps.some(({ action }) => action !== 'keep')
  job.output('changed', changed)
  if (!changed) job.log.info('Nothing to change: the federation holds what the manifests say.')
  job.output('resources', [
    ...steps.map(({ object, action }) => describeResource(refOf(object), action)),
    ...deleted.map(ref => describeResource(ref, 'delete')),
  ])
  for (const { ref, reason } of leftovers.spared)
    job.log.info(`${describeRef(ref)} is not in the manifests any more, but stays: ${reason}`)
  if (!prune && app !== undefined && templates.length > 0) {
    const names = templates.map(each => describeRef(refOf(each))).join(', ')
    job.log.info(`Not in the manifests any more: ${names}. They stay; prune: true deletes them.`)
  }
  const suspended = listSuspendedChanges(steps).map(({ name }) => name)
  if (suspended.length > 0)
    job.log.info(`Changed in one step in each region, once Karmada has divided anew: ${suspended.join(', ')}`)
  job.summary(renderPlan(steps, leftovers, { dryRun, prune, app, suspended }))
  job.advice(removalAdvice(inputs))
}

/** Sets the outputs only when every region is there: half a list must not be taken for a whole one. */
export function reportStatus(
  job: Teller,
  statuses: readonly TemplateStatus[],
  clusters: readonly Cluster[],
  failover: string,
): void {
  job.log.info(failover)
  if (!statuses.every(({ status }) => status.done)) {
    job.log.warning('The app does not run everywhere yet: endpoints and replicas are not set.')
    job.summary(renderRegions(statuses, clusters, [], failover))
    return
  }
  const endpoints = listEndpoints(statuses, clusters)
  const hostnames = endpoints.map(({ hostname }) => hostname)
  const names = clusters.map(({ metadata }) => metadata.name)
  const replicas = countReplicas(statuses, names)
  job.output('endpoints', endpoints)
  job.output('hostnames', hostnames)
  job.output('replicas', replicas)
  const spread = Object.entries(replicas).map(([name, count]) => `${name} ${count}`)
  job.log.info(`The app runs everywhere: ${spread.join(', ')} ready pods.`)
  const idle = findIdle(endpoints, replicas)
  if (idle.length > 0)
    job.log.warning(
      `${idle.join(', ')}: a load balancer, but no pod behind it. Users there get no answer: raise replicas, or leave the cluster out with placement.`,
    )
  tellAddressless(job, statuses)
  job.summary(renderRegions(statuses, clusters, endpoints, failover))
}

/** An Ingress is not waited for: it has no address where no controller takes it up, and may want none. */
function tellAddressless({ log }: Teller, statuses: readonly TemplateStatus[]): void {
  for (const { template, status } of statuses.filter(each => each.template.kind === 'Ingress')) {
    const without = status.regions.filter(({ healthy }) => !healthy).map(({ cluster }) => cluster)
    if (without.length > 0)
      log.warning(
        `${describeRef(refOf(template))} has no address yet in ${without.join(', ')}: look there whether a controller serves its class (kubectl get ingressclass). It is not waited for.`,
      )
  }
}

function describeResource({ kind, namespace, name }: ObjectRef, action: string) {
  return { kind, ...(namespace && { namespace }), name, action }
}

/** The sentence that is printed when the run is cut short. */
function removalAdvice({ clusters, host, federation, app, ...inputs }: Built): string {
  const given = typedInputs({
    scope: 'app',
    app,
    clusters: clusters && JSON.stringify(clusters.map(describeGiven)),
    host,
    federation: federation === 'fed' ? undefined : federation,
    domain: inputs.domain,
    environment: inputs.environment,
    repository: inputs.repository,
    'state-store-account': inputs.stateStoreAccount,
  })
  const where = clusters === undefined ? ", and the federation's clusters" : ''
  const what = app === undefined ? 'all apps of this environment' : 'this app'
  return `To remove ${what}, run teardown with ${given}${where}. To go on, run deploy-federated-app again.`
}
