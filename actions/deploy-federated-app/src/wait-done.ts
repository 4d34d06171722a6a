import {
  type Binding,
  type BindingStatus,
  bindingName,
  buildPlacement,
  listBindings,
  type Placement,
} from '@meridian/karmada'
import { type Kube, type KubeObject, refOf } from '@meridian/kube'
import { done, type Job, waitFor, waiting } from '@meridian/runner'
import { judge } from './expect.ts'

/** A template as the federation has it, and how far it has come. */
export type Arrival = { template: KubeObject; status: BindingStatus }

/** Reads how far every template has come. */
export async function readArrivals(
  federation: Kube,
  templates: readonly KubeObject[],
  placement: Placement,
): Promise<Arrival[]> {
  const wanted = buildPlacement(placement)
  const [live, bindings] = await Promise.all([
    Promise.all(templates.map(async template => (await federation.get(refOf(template))) ?? template)),
    listBindings(federation, [...new Set(templates.map(template => template.metadata.namespace))]),
  ])
  return live.map(template => ({
    template,
    status: judge(template, findBinding(bindings, template), placement, wanted),
  }))
}

/** Waits until every template has arrived in every region; progress is told region by region. */
export async function waitDone(
  job: Pick<Job, 'signal' | 'deadline' | 'log'>,
  federation: Kube,
  templates: readonly KubeObject[],
  placement: Placement,
): Promise<Arrival[]> {
  return waitFor(job, {
    what: 'the app in all regions',
    fix: 'The lines above say what each region lacks. Correct it and run this again; it goes on where it stopped.',
    probe: async () => {
      const arrivals = await readArrivals(federation, templates, placement)
      if (arrivals.every(({ status }) => status.done)) return done(arrivals)
      return waiting(describeProgress(arrivals))
    },
  })
}

/** `hugo: usa 1/2 replicas ready, eur ok; hugo-svc: waiting for the scheduler`. */
export function describeProgress(arrivals: readonly Arrival[]): string {
  return arrivals
    .filter(({ status }) => !status.done)
    .map(({ template, status }) => {
      const open = status.regions.filter(({ reason }) => reason !== '')
      const regions = open.map(({ cluster, reason }) => `${cluster} ${reason}`)
      const parts = regions.length === 0 || !scheduled(status) ? [status.reason] : regions
      return `${template.kind} ${template.metadata.name}: ${parts.join(', ')}`
    })
    .join('; ')
}

function scheduled(status: BindingStatus): boolean {
  return status.regions.some(({ reason }) => reason !== 'waiting to be scheduled')
}

function findBinding(bindings: readonly Binding[], template: KubeObject): Binding | undefined {
  const name = bindingName(template.kind, template.metadata.name)
  return bindings.find(
    ({ metadata }) => metadata.name === name && metadata.namespace === template.metadata.namespace,
  )
}
