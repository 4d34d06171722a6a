import { copyJson, type KubeObject, type Store } from './api/index.ts'

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
