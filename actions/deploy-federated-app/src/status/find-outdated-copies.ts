import { type Binding, createMembers } from '@meridian/karmada'
import { describeRef, type Kube, KubeError, type KubeObject, readObjects, refOf } from '@meridian/kube'
import { hashAnnotation } from '../plan/mark-object.ts'
import type { TemplateStatus } from './template-status.ts'

/** Templates that a run has changed, as `describeRef` names them, and the labels that all of the app's objects have. */
export type Changed = {
  readonly names: ReadonlySet<string>
  readonly labels: Readonly<Record<string, string>>
}

/**
 * Looks into members for the version before of what this run has changed, as `Service default/web in usa`. Of most kinds a
 * report does not tell of which version it is, and what was said of the one before still stands when the new one is not
 * there yet, or is about to be refused. Of a member that does not answer nothing is told.
 */
export function createOutdatedCopyFinder(
  federation: Kube,
  { names, labels }: Changed,
): (statuses: readonly TemplateStatus[]) => Promise<string[]> {
  const memberOf = createMembers(federation)
  return async statuses => {
    const own = statuses.filter(({ template }) => names.has(describeRef(refOf(template))))
    const places = own.flatMap(({ template, binding }) =>
      listSilent(binding).map(cluster => ({ template, cluster })),
    )
    const byCluster = [...Map.groupBy(places, ({ cluster }) => cluster)]
    const found = await Promise.all(
      byCluster.map(async ([cluster, wanted]) => {
        const templates = wanted.map(({ template }) => template)
        const copies = await readObjects(memberOf(cluster), templates.map(refOf), labels).catch(nothing)
        return templates
          .filter((template, at) => isBefore(copies[at], template))
          .map(template => `${describeRef(refOf(template))} in ${cluster}`)
      }),
    )
    return found.flat()
  }
}

/** The clusters whose report does not tell the generation of the template. */
function listSilent(binding: Binding | undefined): string[] {
  return (binding?.status?.aggregatedStatus ?? [])
    .filter(({ status }) => status?.resourceTemplateGeneration === undefined)
    .map(({ clusterName }) => clusterName)
}

function isBefore(copy: KubeObject | undefined, template: KubeObject): boolean {
  const hash = copy?.metadata.annotations?.[hashAnnotation]
  return hash !== undefined && hash !== template.metadata.annotations?.[hashAnnotation]
}

function nothing(error: unknown): [] {
  if (error instanceof KubeError) return []
  throw error
}
