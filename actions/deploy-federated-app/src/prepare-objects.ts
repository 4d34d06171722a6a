import { describeRef, type KubeObject, refOf } from '@meridian/kube'
import { type ImageSubstitution, imageName } from './parse-images.ts'

export type Preparation = {
  namespace: string
  images: readonly ImageSubstitution[]
  pullSecrets: readonly string[]
  allowedKinds: readonly string[] | undefined
}

/** Objects as they are to be applied (labels apart), or what is wrong with them. */
export type Prepared = { objects: KubeObject[]; problems: string[] }

type PodSpec = {
  containers?: { image?: string }[]
  initContainers?: { image?: string }[]
  imagePullSecrets?: { name: string }[]
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
  for (const twin of findTwins(objects)) problems.push(`${twin} is there twice`)
  for (const { name } of how.images)
    if (!used.has(name)) problems.push(`no container has the image '${name}' that images replaces`)
  return { objects, problems }
}

/** A copy without what only servers set. `stringData` becomes what it would be stored as. */
function clean(source: KubeObject): KubeObject {
  const { status: _, ...object } = structuredClone(source)
  const { uid: _u, resourceVersion: _r, creationTimestamp: _c, generation: _g, ...metadata } = object.metadata
  delete (metadata as Record<string, unknown>).managedFields
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

function place(object: KubeObject, namespace: string, namespaced: boolean): KubeObject {
  const { namespace: own, ...metadata } = object.metadata
  return { ...object, metadata: namespaced ? { ...metadata, namespace: own ?? namespace } : metadata }
}

function findProblems(object: KubeObject, allowed: readonly string[] | undefined): string[] {
  const name = describeRef(refOf(object))
  const group = object.apiVersion.includes('/') ? (object.apiVersion.split('/')[0] ?? '') : ''
  if (group === 'karmada.io' || group.endsWith('.karmada.io'))
    return [`${name} steers the federation itself; use the input placement`]
  if (allowed !== undefined && !allowed.includes(object.kind))
    return [`${name} is not of an allowed kind (${allowed.join(', ')})`]
  if (/^(kube|karmada)-/.test(object.metadata.namespace ?? ''))
    return [`${name} is in a namespace that is not propagated to members`]
  return []
}

function findTwins(objects: readonly KubeObject[]): string[] {
  const names = objects.map(object => `${object.apiVersion.split('/')[0]} ${describeRef(refOf(object))}`)
  const twins = names.filter((name, at) => names.indexOf(name) < at)
  return [...new Set(twins)].map(name => name.replace(/^\S+ /, ''))
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

function substituteImages(pod: PodSpec, images: readonly ImageSubstitution[]): string[] {
  const containers = [...(pod.containers ?? []), ...(pod.initContainers ?? [])]
  return containers.flatMap(container => {
    const match = images.find(({ name }) => name === imageName(container.image ?? ''))
    if (match === undefined) return []
    container.image = match.reference
    return [match.name]
  })
}

function addPullSecrets(pod: PodSpec, secrets: readonly string[]): void {
  const present = pod.imagePullSecrets ?? []
  const added = secrets.filter(name => !present.some(secret => secret.name === name))
  if (added.length > 0) pod.imagePullSecrets = [...present, ...added.map(name => ({ name }))]
}
