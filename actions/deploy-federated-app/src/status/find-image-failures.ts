import { describeRef, KubeError, refOf } from '@meridian/kube'
import { inParallel } from '@meridian/runner'
import type { Failure } from './lasting-failures.ts'
import { madeFor } from './made-for.ts'
import { type Asking, imageFault, readPods } from './pods.ts'
import type { TemplateStatus } from './template-status.ts'

/** Most images come within this time; a member is not asked for its pods before, nor more often. */
const everyMilliseconds = 30_000

/**
 * Finds images that will not come by themselves, which no report of a workload tells: by the pods of regions in which one has
 * not arrived, once nothing has moved for half a minute, and every half minute then.
 */
export function createImageFailureFinder(
  federation: Asking,
): (statuses: readonly TemplateStatus[], progress: string, now: number) => Promise<readonly Failure[]> {
  let last = { progress: '', at: 0 }
  let found: readonly Failure[] = []
  return async (statuses, progress, now) => {
    if (progress !== last.progress) {
      last = { progress, at: now }
      found = []
    }
    if (now - last.at < everyMilliseconds) return found
    last.at = now
    const places = statuses.flatMap(({ template, status }) =>
      status.regions
        .filter(({ reason }) => reason !== '')
        .flatMap(({ cluster }) => listPlace(template, cluster)),
    )
    found = (await inParallel(places, place => lookInto(federation, place))).flat()
    return found
  }
}

type Place = { template: TemplateStatus['template']; cluster: string; namespace: string }

const withPods = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'Pod']

function listPlace(template: TemplateStatus['template'], cluster: string): Place[] {
  const { namespace } = template.metadata
  return namespace && withPods.includes(template.kind) ? [{ template, cluster, namespace }] : []
}

async function lookInto(federation: Asking, { template, cluster, namespace }: Place): Promise<Failure[]> {
  const pods = await readPods(federation, { cluster, namespace }, madeFor([template])).catch(error => {
    // It is asked for a hint only, and whoever waits is told of members that are away.
    if (error instanceof KubeError) return []
    throw error
  })
  const fault = pods.map(imageFault).find(each => each !== undefined)
  if (fault === undefined) return []
  return [{ lasting: 'image', object: describeRef(refOf(template)), cluster, reason: fault }]
}
