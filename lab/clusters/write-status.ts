import type { KubeObject, Store } from '@meridian/lab-kube-api'
import { copyJson } from '@meridian/lab-world/json'

/** Writes the status of an object, and nothing else of it; undefined when it is gone. */
export function writeStatus(
  store: Store,
  { kind, metadata }: KubeObject,
  status: unknown,
): KubeObject | undefined {
  return store.modify(
    kind,
    metadata.namespace,
    metadata.name,
    draft => {
      draft.status = copyJson(status)
    },
    { status: true },
  )
}
