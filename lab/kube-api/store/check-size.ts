import type { KubeObject } from '../objects.ts'
import { StatusError } from '../status-error.ts'

/** The largest request that etcd takes. */
const most = 1.5 * 1024 * 1024

/** Refuses to store what is too large for etcd, in its words. */
export function checkSize(object: KubeObject): void {
  // Most objects are far from it: only what may be too large is written out to be measured.
  if (textIn(object) < most / 2 || Buffer.byteLength(JSON.stringify(object)) <= most) return
  throw new StatusError(500, '', 'etcdserver: request is too large')
}

/** The length of all texts in a value. */
function textIn(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 0
  let sum = 0
  for (const child of Object.values(value)) sum += textIn(child)
  return sum
}
