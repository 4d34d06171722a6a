import type { KubeObject } from '@meridian/lab-kube-api'
import { copyJson } from '@meridian/lab-world/json'
import { formatImage, type ImageReference, parseImage } from './image-reference.ts'
import { applyPointer, type PointerOperation } from './json-pointer.ts'
import { matchPriority } from './match-policy.ts'
import { matchesAffinity } from './select-clusters.ts'
import type { Candidate, ClusterAffinity, ResourceSelector } from './types.ts'

type Operator = 'add' | 'replace' | 'remove'
type ImageOverrider = { component: 'Registry' | 'Repository' | 'Tag'; operator: Operator; value?: string }
type ContainerOverrider = { containerName: string; operator: 'add' | 'remove'; value?: string[] }
type MapOverrider = { operator: Operator; value?: Record<string, string> }
export type Overriders = {
  plaintext?: PointerOperation[]
  imageOverrider?: ImageOverrider[]
  commandOverrider?: ContainerOverrider[]
  argsOverrider?: ContainerOverrider[]
  labelsOverrider?: MapOverrider[]
  annotationsOverrider?: MapOverrider[]
}
export type OverridePolicySpec = {
  resourceSelectors?: ResourceSelector[]
  overrideRules?: { targetCluster?: ClusterAffinity | undefined; overriders: Overriders }[]
  /** Both deprecated; not beside rules. */
  targetCluster?: ClusterAffinity
  overriders?: Overriders
}
type Container = { name: string; image?: string; command?: string[]; args?: string[] }

export type OverridePolicy = { namespace?: string; name: string; spec: OverridePolicySpec }

/** A manifest with its overrides, who has made them, and how its Work records them. */
export type Overridden = {
  manifest: KubeObject
  applied: Applied[]
  annotations: Record<string, string>
}
type Applied = { namespace?: string; name: string; overriders: Overriders }

/**
 * The manifest for one cluster after every override policy that matches: ClusterOverridePolicies first, of each kind
 * the more exact selector last, then by name. The input is not changed. Throws what a bad path throws.
 */
export function overrideManifest(
  manifest: KubeObject,
  cluster: Candidate,
  policies: readonly OverridePolicy[],
): Overridden {
  const wide = matching(
    manifest,
    policies.filter(each => !each.namespace),
  ).flatMap(policy => rulesFor(policy, cluster))
  const own = matching(
    manifest,
    policies.filter(each => each.namespace),
  ).flatMap(policy => rulesFor(policy, cluster))
  const result = copyJson(manifest)
  for (const { overriders } of [...wide, ...own]) applyOverriders(result, overriders)
  return {
    manifest: result,
    applied: [...wide, ...own],
    annotations: {
      ...record('policy.karmada.io/applied-cluster-overrides', wide),
      ...record('policy.karmada.io/applied-overrides', own),
    },
  }
}

function record(annotation: string, applied: readonly Applied[]): Record<string, string> {
  if (applied.length === 0) return {}
  const shadows = applied.map(({ name, overriders }) => ({ policyName: name, overriders }))
  return { [annotation]: JSON.stringify(shadows.toSorted((a, b) => (a.policyName < b.policyName ? -1 : 1))) }
}

// A policy without selectors is for everything.
function matching(manifest: KubeObject, policies: readonly OverridePolicy[]): OverridePolicy[] {
  const rated = policies.map(policy => {
    const { resourceSelectors: selectors = [] } = policy.spec
    const precision = Math.max(0, ...selectors.map(each => matchPriority(manifest, each, policy.namespace)))
    return { policy, precision: selectors.length === 0 ? 1 : precision }
  })
  return rated
    .filter(each => each.precision > 0)
    .toSorted((a, b) => a.precision - b.precision || (a.policy.name < b.policy.name ? -1 : 1))
    .map(each => each.policy)
}

function rulesFor({ namespace, name, spec }: OverridePolicy, cluster: Candidate): Applied[] {
  const { overrideRules = [], targetCluster, overriders = {} } = spec
  const rules = overrideRules.length > 0 ? overrideRules : [{ targetCluster, overriders }]
  return rules
    .filter(rule => !rule.targetCluster || matchesAffinity(cluster, rule.targetCluster))
    .map(rule => ({ ...(namespace ? { namespace } : {}), name, overriders: rule.overriders }))
}

function applyOverriders(object: KubeObject, overriders: Overriders): void {
  const containers = podContainers(object)
  for (const each of overriders.imageOverrider ?? []) for (const item of containers) overrideImage(item, each)
  for (const each of overriders.commandOverrider ?? []) overrideList(containers, 'command', each)
  for (const each of overriders.argsOverrider ?? []) overrideList(containers, 'args', each)
  for (const each of overriders.labelsOverrider ?? []) {
    object.metadata.labels = overrideMap(object.metadata.labels, each)
  }
  for (const each of overriders.annotationsOverrider ?? []) {
    object.metadata.annotations = overrideMap(object.metadata.annotations, each)
  }
  for (const each of overriders.plaintext ?? []) applyPointer(object, each)
}

function podContainers(object: KubeObject): Container[] {
  const spec = object.spec as
    | { containers?: Container[]; template?: { spec?: { containers?: Container[] } } }
    | undefined
  return spec?.template?.spec?.containers ?? spec?.containers ?? []
}

function overrideImage(container: Container, overrider: ImageOverrider): void {
  if (!container.image) return
  const part = overrider.component.toLowerCase() as Exclude<keyof ImageReference, 'digest'>
  const image = parseImage(container.image)
  const value = overrider.value ?? ''
  image[part] =
    overrider.operator === 'remove' ? '' : overrider.operator === 'add' ? image[part] + value : value
  container.image = formatImage(image)
}

function overrideList(
  containers: Container[],
  field: 'command' | 'args',
  overrider: ContainerOverrider,
): void {
  const container = containers.find(each => each.name === overrider.containerName)
  if (!container) return
  const present = container[field] ?? []
  const values = overrider.value ?? []
  container[field] =
    overrider.operator === 'add' ? [...present, ...values] : present.filter(each => !values.includes(each))
}

function overrideMap(
  present: Record<string, string> | undefined,
  overrider: MapOverrider,
): Record<string, string> {
  const result = { ...present }
  for (const [key, value] of Object.entries(overrider.value ?? {})) {
    if (overrider.operator === 'remove') delete result[key]
    else if (overrider.operator === 'add' || key in result) result[key] = value
  }
  return result
}
