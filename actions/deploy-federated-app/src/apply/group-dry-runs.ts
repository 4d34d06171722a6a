import { describeRef, type KubeObject, refOf } from '@meridian/kube'
import { isImage } from '../manifests/image-reference.ts'
import { withoutOwn } from '../plan/mark-object.ts'
import type { Step } from '../plan/plan.ts'

/** What may stand wherever a name may, so that a longer one of these stands for a shorter. */
const plainName = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/
/** Half of what a ConfigMap or Secret may hold. */
const mostCharacters = 500_000

/** Half of what all annotations together may hold. */
const mostAnnotations = 100_000
const qualifiedName =
  /^([a-z0-9]([-a-z0-9.]{0,200}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/
/** Names in which servers and controllers of clusters look for what they know. */
const reserved = /(^|\.)(kubernetes|k8s|karmada)\.io\//
const dataKey = /^[a-zA-Z0-9_-][-._a-zA-Z0-9]{0,252}$/
/** Of whose fields the names tell what they may hold. */
const ownGroups = ['v1', 'apps/v1', 'batch/v1']

/**
 * Steps that are checked together, by the first. Few are each checked alone, since a webhook may go by an image or a name; what it
 * refuses of many is refused when it is applied, and the run taken back.
 */
export function groupForCheck(steps: readonly Step[]): Step[][] {
  return steps.length > mostAlone ? groupAlike(steps) : steps.map(step => [step])
}

/** Steps, of which an object has two: its own and its policy's. */
const mostAlone = 100

/**
 * Steps that a server would judge alike, by which one stands for all, the one with the longest name, comes first: what is
 * to be made and differs only where it says its own name, in labels and annotations of its own that keep the rules for
 * such, in the data of a ConfigMap or an Opaque Secret, which no server looks into, or in how many pods it has, of which image,
 * with what in their environment and at which ports. Policies of one kind in one namespace are alike, since this project has
 * written them all.
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
  const blank = ownGroups.includes(apiVersion)
    ? createBlank()
    : (_: object, __: string, value: unknown) => value
  const bare = withoutValues(withoutLabels(withoutOwn(object)))
  const content = JSON.stringify(bare, function (this: object, key, given: unknown) {
    const value = blank(this, key, given)
    return typeof value === 'string' && value.includes(name) ? value.replace(own, '\0') : value
  })
  return `${place} ${content}`
}

/** What stands for a field's value where any other of its sort would do as well. Ports of one number stay alike. */
function createBlank(): (holder: object, key: string, value: unknown) => unknown {
  const ports: unknown[] = []
  return (holder, key, value) => {
    const isWithin = (least: number, most: number) =>
      Number.isInteger(value) && Number(value) >= least && Number(value) <= most
    if (key === 'replicas' && isWithin(0, 10_000)) return '\0replicas'
    if (key === 'image' && typeof value === 'string' && isImage(value)) return '\0image'
    // Of what has a name, as a variable has; a toleration has a key.
    if (key === 'value' && typeof value === 'string' && 'name' in holder) return '\0value'
    if (!['port', 'containerPort', 'targetPort'].includes(key) || !isWithin(1, 65_535)) return value
    if (!ports.includes(value)) ports.push(value)
    return `\0port${ports.indexOf(value)}`
  }
}

/** Without labels and annotations that may be on anything, where all of them are right. */
function withoutLabels(object: KubeObject): KubeObject {
  const { labels = {}, annotations = {}, ...metadata } = object.metadata
  const isRight = (given: object, value: RegExp) =>
    Object.entries(given).every(
      ([key, text]) => qualifiedName.test(key) && typeof text === 'string' && value.test(text),
    )
  const isShort = Object.values(annotations).join('').length < mostAnnotations
  if (!isRight(labels, labelValue) || !isRight(annotations, /^/) || !isShort) return object
  const known = (given: Record<string, string>) =>
    Object.fromEntries(Object.entries(given).filter(([key]) => reserved.test(key)))
  return { ...object, metadata: { ...metadata, labels: known(labels), annotations: known(annotations) } }
}

function withoutValues(object: KubeObject): KubeObject {
  const { apiVersion, kind, type = 'Opaque', data } = object
  const isOpaque = kind === 'Secret' && type === 'Opaque'
  if (apiVersion !== 'v1' || !(kind === 'ConfigMap' || isOpaque)) return object
  if (typeof data !== 'object' || data === null) return object
  const values: unknown[] = Object.values(data)
  const isWhole = (value: unknown) => typeof value === 'string' && (!isOpaque || isBase64(value))
  if (!values.every(isWhole) || values.join('').length > mostCharacters) return object
  return { ...object, data: Object.keys(data).filter(key => !dataKey.test(key)) }
}

function isBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text
}
