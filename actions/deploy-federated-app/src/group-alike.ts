import { describeRef, type KubeObject, refOf } from '@meridian/kube'
import { withoutOwn } from './mark-object.ts'
import type { Step } from './plan.ts'

/** What may stand wherever a name may, so that a longer one of these stands for a shorter. */
const plainName = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/
/** Half of what a ConfigMap or Secret may hold. */
const mostCharacters = 500_000

/**
 * Steps that a server would judge alike, by which one stands for all, the one with the longest name, comes first: what is
 * to be made and differs only where it says its own name, or in the values of a ConfigMap or an Opaque Secret, which no
 * server looks into. Policies of one kind in one namespace are alike, since this project has written them all.
 */
export function groupAlike(steps: readonly Step[]): Step[][] {
  const groups = Map.groupBy(steps, shapeOf).values()
  return [...groups].map(group => group.sort((a, b) => nameOf(b).length - nameOf(a).length))
}

const nameOf = ({ object }: Step) => object.metadata.name

function shapeOf(step: Step): string {
  const { object, role, action } = step
  const { apiVersion, kind, metadata } = object
  const { name, namespace } = metadata
  const place = `${apiVersion} ${kind} ${namespace}`
  if (role !== 'template') return `${action} ${place}`
  if (action !== 'create' || !plainName.test(name)) return `${apiVersion} ${describeRef(refOf(object))}`
  const own = new RegExp(`(?<![a-z0-9])${name}(?![a-z0-9])`, 'g')
  const content = JSON.stringify(withoutValues(withoutOwn(object)), (_, value: unknown) =>
    typeof value === 'string' ? value.replace(own, '\0') : value,
  )
  return `${place} ${content}`
}

function withoutValues(object: KubeObject): KubeObject {
  const { apiVersion, kind, type = 'Opaque', data } = object
  const isOpaque = kind === 'Secret' && type === 'Opaque'
  if (apiVersion !== 'v1' || !(kind === 'ConfigMap' || isOpaque)) return object
  if (typeof data !== 'object' || data === null) return object
  const values: unknown[] = Object.values(data)
  const isWhole = (value: unknown) => typeof value === 'string' && (!isOpaque || isBase64(value))
  if (!values.every(isWhole) || values.join('').length > mostCharacters) return object
  return { ...object, data: Object.keys(data) }
}

function isBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text
}
