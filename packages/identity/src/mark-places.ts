import { type Identity, ownerOf } from './identity.ts'
import { type Mark, type Reading, unmarked, unreadable } from './mark.ts'
import { type Fields, readFields, writeFields } from './mark-fields.ts'

const tagPrefix = 'meridian:'
/** Set by hand; no action writes it. */
export const protectionTag = `${tagPrefix}protect`
const environmentLabel = 'meridian.dev/environment'
/** Tells apart the apps of one environment. */
export const appLabel = 'meridian.dev/app'
const managedLabel = 'app.kubernetes.io/managed-by'
/** The field manager of every write, and the value of `app.kubernetes.io/managed-by`. */
export const manager = 'meridian'
export const markAnnotation = 'meridian.dev/mark'

type Texts = Readonly<Record<string, string>>

/** Tags of AWS: on a bucket, and as kops' cloud labels. All values keep to the alphabet that cilium's operator takes. */
export function writeTags(mark: Mark): Record<string, string> {
  return Object.fromEntries(Object.entries(writeFields(mark)).map(([key, value]) => [tagPrefix + key, value]))
}

/** What the tags of a thing say of its owner. */
export function readTags(tags: Texts): Reading {
  const own = Object.entries(tags).filter(([key]) => key.startsWith(tagPrefix))
  return readFields(
    Object.fromEntries(own.map(([key, value]) => [key.slice(tagPrefix.length), value])),
    'its tags',
  )
}

/**
 * Whether somebody has put a thing under protection, by a tag on it or a cloud label of it: whoever destroys or reaps
 * leaves it then. Anything but `false` protects.
 */
export function isProtected(tags: Texts): boolean {
  return ![undefined, '', 'false'].includes(tags[protectionTag])
}

/** A claim as the text of an object of its own. */
export function writeClaim(mark: Mark): string {
  return `${JSON.stringify(writeFields(mark), undefined, 2)}\n`
}

/** Reads the text of a claim object. An empty one, a page of a proxy and the like are unreadable, never no claim. */
export function readClaim(text: string): Reading {
  const fields = parseFields(text)
  if (fields === undefined) return unreadable('its claim is no JSON object of texts')
  const reading = readFields(fields, 'its claim')
  return reading.kind === 'unmarked' ? unreadable('its claim states nothing') : reading
}

/** The labels by which an identity's objects are listed; whose each is, its annotation says. */
export function objectLabels(identity: Identity): Record<string, string> {
  return {
    [managedLabel]: manager,
    [environmentLabel]: ownerOf(identity),
    ...(identity.app !== undefined && { [appLabel]: identity.app }),
  }
}

/** The mark of an object, for its annotations. It tells who, and not when, so that it stays from run to run. */
export function objectAnnotations(mark: Mark): Record<string, string> {
  const { createdAt: _, run: __, version: ___, ...lasting } = mark
  return { [markAnnotation]: JSON.stringify(writeFields(lasting)) }
}

/** Whose an object of Kubernetes is, by its annotation; one of version 0.1 has labels only. */
export function readObject(metadata: {
  labels?: Texts | undefined
  annotations?: Texts | undefined
}): Reading {
  const text = metadata.annotations?.[markAnnotation]
  const {
    [managedLabel]: managedBy,
    [environmentLabel]: environment,
    [appLabel]: app,
  } = metadata.labels ?? {}
  if (text !== undefined) {
    const fields = parseFields(text)
    return fields === undefined ? unreadable('its mark is no JSON object') : readFields(fields, 'its mark')
  }
  return managedBy === manager ? readFields({ environment, app }, 'its labels') : unmarked
}

function parseFields(text: string): Fields | undefined {
  try {
    const given: unknown = JSON.parse(text)
    const isObject = typeof given === 'object' && given !== null && !Array.isArray(given)
    return isObject && Object.values(given).every(value => typeof value === 'string')
      ? (given as Fields)
      : undefined
  } catch {
    return undefined
  }
}
