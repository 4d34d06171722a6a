import { bindingName, isReservedNamespace } from '@meridian/karmada'
import { describeRef, type KubeObject, refOf } from '@meridian/kube'
import { imageName, isImage } from './image-reference.ts'
import type { ImageSubstitution } from './parse-images.ts'

export type Preparation = {
  namespace: string
  images: readonly ImageSubstitution[]
  pullSecrets: readonly string[]
  allowedKinds: readonly string[] | undefined
}

/** Objects as they are to be applied (labels apart), or what is wrong with them. */
export type Prepared = { objects: KubeObject[]; problems: string[] }

/** Only Helm knows the moment for it: a test, or what cleans up after a deletion, would run with the app. */
const hookAdvice =
  'nothing here would run it at its moment. Render the chart with --no-hooks (tests alone: --skip-tests), and add as a manifest of its own, without the annotation, what must run all the same'

type Mapping = Record<string, unknown>
/** As far as a manifest keeps to it: what it holds instead the federation refuses. */
type PodSpec = {
  containers?: unknown
  initContainers?: unknown
  volumes?: unknown
  imagePullSecrets?: unknown
}

/** Fills in namespaces, substitutes images and adds pull secrets. `isNamespaced` is the federation's answer. */
export function prepareObjects(
  given: readonly KubeObject[],
  how: Preparation,
  isNamespaced: (object: KubeObject) => boolean,
): Prepared {
  const problems: string[] = []
  const used = new Set<string>()
  const objects = given.map(source => {
    const object = place(clean(source), how.namespace, isNamespaced(source))
    const pod = findPodSpec(object)
    if (pod) {
      for (const name of substituteImages(pod, how.images)) used.add(name)
      addPullSecrets(pod, how.pullSecrets)
    }
    return object
  })
  for (const object of objects) problems.push(...findProblems(object, how.allowedKinds))
  problems.push(...findTwins(objects))
  for (const { name } of how.images) if (!used.has(name)) problems.push(noSuchImage(name, objects))
  return { objects, problems }
}

function noSuchImage(name: string, objects: readonly KubeObject[]): string {
  const present = [...new Set(objects.flatMap(imagesOf).map(imageName))].slice(0, 10)
  return `no container or volume has the image '${name}' that the input images replaces: they have ${present.join(', ') || 'none'}`
}

/** A copy without what only servers set. `stringData` becomes what it would be stored as. */
function clean(source: KubeObject): KubeObject {
  const { status: _, ...object } = structuredClone(source)
  const { uid: _u, resourceVersion: _r, creationTimestamp: _c, generation: _g, ...metadata } = object.metadata
  delete (metadata as Record<string, unknown>).managedFields
  // kubectl's own copy of the manifest: in a Secret it repeats the values.
  delete metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration']
  const cleaned: KubeObject = { ...object, apiVersion: source.apiVersion, kind: source.kind, metadata }
  if (cleaned.kind !== 'Secret' || typeof cleaned.stringData !== 'object') return cleaned
  const { stringData, ...rest } = cleaned
  const encoded = Object.entries(stringData ?? {}).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ])
  const data = { ...(rest.data as Record<string, string> | undefined), ...Object.fromEntries(encoded) }
  return { ...rest, apiVersion: source.apiVersion, kind: source.kind, metadata, data }
}

function groupOf({ apiVersion }: KubeObject): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : ''
}

function place(object: KubeObject, namespace: string, namespaced: boolean): KubeObject {
  const { namespace: own, ...metadata } = object.metadata
  return { ...object, metadata: namespaced ? { ...metadata, namespace: own ?? namespace } : metadata }
}

function findProblems(object: KubeObject, allowed: readonly string[] | undefined): string[] {
  const name = describeRef(refOf(object))
  const group = groupOf(object)
  if (group === 'karmada.io' || group.endsWith('.karmada.io'))
    return [`${name} steers the federation itself; use the input placement`]
  const hook = object.metadata.annotations?.['helm.sh/hook']
  if (hook !== undefined) return [`${name} is a hook of Helm (${hook}): ${hookAdvice}`]
  if (allowed !== undefined && !allowed.includes(object.kind))
    return [`${name} is not of an allowed kind (${allowed.join(', ')})`]
  const space = object.kind === 'Namespace' ? object.metadata.name : object.metadata.namespace
  if (isReservedNamespace(space ?? ''))
    return [
      `${name} would not reach the members: Karmada keeps kube-*, karmada-system, karmada-cluster and karmada-es-* from them; name another namespace`,
    ]
  const unfilled = imagesOf(object).find(image => !isImage(image))
  if (unfilled !== undefined)
    return [
      `${name} has the image '${unfilled.slice(0, 80)}', which is no reference such as ghcr.io/me/web:1.2.3: fill it in before, or give the manifest a plain name and its reference in images`,
    ]
  return []
}

/**
 * Objects that are there twice, or that differ only in what Karmada makes no difference of: it names the binding
 * of an object after its name and kind, and two in one namespace would fight for one.
 */
function findTwins(objects: readonly KubeObject[]): string[] {
  const seen = new Map<string, KubeObject>()
  return objects.flatMap(object => {
    const { namespace = '', name } = object.metadata
    const binding = bindingName(object.kind, name)
    const first = seen.get(`${namespace}/${binding}`)
    seen.set(`${namespace}/${binding}`, object)
    const described = describeRef(refOf(object))
    if (binding.length > 253)
      return [`${described}: the name is too long for Karmada, which adds the kind to it`]
    if (first === undefined) return []
    const same = describeRef(refOf(first)) === described && groupOf(first) === groupOf(object)
    if (same) return [`${described} is there twice`]
    const other = `${describeRef(refOf(first))} of ${first.apiVersion}`
    return [
      `${described} of ${object.apiVersion} and ${other} would share one binding of Karmada: rename one`,
    ]
  })
}

/** The pod spec inside a workload: of a template, of a CronJob's template, or of a Pod. */
function findPodSpec(object: KubeObject): PodSpec | undefined {
  const dig = (value: unknown, ...path: string[]): unknown =>
    path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], value)
  const found =
    object.kind === 'Pod'
      ? object.spec
      : (dig(object, 'spec', 'template', 'spec') ??
        dig(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec'))
  return typeof found === 'object' && found !== null ? found : undefined
}

/** Where a pod names an image: in its containers, and in volumes that are made of one. */
function imageSlots({ containers, initContainers, volumes }: PodSpec): [Mapping, string][] {
  const sources = listOf<{ image?: unknown }>(volumes).flatMap(({ image }) => listOf<Mapping>([image]))
  return [
    ...[containers, initContainers]
      .flatMap(list => listOf<Mapping>(list))
      .map((each): [Mapping, string] => [each, 'image']),
    ...sources.map((each): [Mapping, string] => [each, 'reference']),
  ]
}

function imagesOf(object: KubeObject): string[] {
  return imageSlots(findPodSpec(object) ?? {}).flatMap(([holder, field]) => {
    const image = holder[field]
    return typeof image === 'string' && image !== '' ? [image] : []
  })
}

function substituteImages(pod: PodSpec, images: readonly ImageSubstitution[]): string[] {
  return imageSlots(pod).flatMap(([holder, field]) => {
    const image = holder[field]
    const match = images.find(({ name }) => typeof image === 'string' && name === imageName(image))
    if (match === undefined) return []
    holder[field] = match.reference
    return [match.name]
  })
}

function addPullSecrets(pod: PodSpec, secrets: readonly string[]): void {
  const present = listOf<{ name: string }>(pod.imagePullSecrets)
  const added = secrets.filter(name => !present.some(secret => secret.name === name))
  if (added.length > 0) pod.imagePullSecrets = [...present, ...added.map(name => ({ name }))]
}

/** The mappings of a list; none of what is no list. */
function listOf<T extends object>(value: unknown): T[] {
  return Array.isArray(value)
    ? value.filter((each): each is T => typeof each === 'object' && each !== null)
    : []
}
