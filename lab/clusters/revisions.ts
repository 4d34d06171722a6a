import type { KubeObject } from '@meridian/lab-kube-api'
import { copyJson, numberAt } from '@meridian/lab-world/json'
import type { Cluster } from './cluster.ts'
import { controlledBy, ownedBy } from './ownership.ts'
import { hashTemplate, templateOf } from './pod-template.ts'

/** The label by which pods and revisions say which template they are of. */
export const revisionLabel = 'controller-revision-hash'

/** The revision of a StatefulSet's or DaemonSet's template, written down if it is new or an old one again. */
export function currentRevision({ store }: Cluster, set: KubeObject): string {
  const { namespace, name } = set.metadata
  const template = templateOf(set)
  const hash = hashTemplate(template)
  const revisions = ownedBy(store, 'ControllerRevision', set)
  const last = Math.max(0, ...revisions.map(each => numberAt(each, 'revision')))
  const known = revisions.find(each => each.metadata.labels?.[revisionLabel] === hash)
  if (known && numberAt(known, 'revision') === last) return hash
  if (known) {
    store.modify('ControllerRevision', namespace, known.metadata.name, draft => {
      draft.revision = last + 1
    })
    return hash
  }
  store.create('ControllerRevision', {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...template.metadata?.labels, [revisionLabel]: hash },
      ownerReferences: [controlledBy(set)],
    },
    data: { spec: { template: { ...copyJson(template), $patch: 'replace' } } },
    revision: last + 1,
  })
  return hash
}
