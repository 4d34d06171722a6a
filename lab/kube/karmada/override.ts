import { copyJson, type KubeObject } from '../api/index.ts'
import { formatImage, type ImageReference, parseImage } from './image-reference.ts'
import { applyPointer, type PointerOperation } from './json-pointer.ts'
import { matchesResource } from './match-policy.ts'
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
  overrideRules?: { targetCluster?: ClusterAffinity; overriders: Overriders }[]
  overriders?: Overriders
}
type Container = { name: string; image?: string; command?: string[]; args?: string[] }

/**
 * The manifest for one cluster after every matching override policy, in the given order (ClusterOverridePolicies
 * come before OverridePolicies, each sorted by name). The input is not changed. Throws what a bad path throws.
 */
export function overrideManifest(
  manifest: KubeObject,
  cluster: Candidate,
  policies: readonly { namespace?: string; spec: OverridePolicySpec }[],
): KubeObject {
  const result = copyJson(manifest)
  for (const { namespace, spec } of policies) {
    const selectors = spec.resourceSelectors
    if (selectors?.length && !selectors.some(each => matchesResource(manifest, each, namespace))) continue
    const rules = spec.overrideRules ?? (spec.overriders ? [{ overriders: spec.overriders }] : [])
    for (const rule of rules) {
      if ('targetCluster' in rule && rule.targetCluster && !matchesAffinity(cluster, rule.targetCluster))
        continue
      applyOverriders(result, rule.overriders)
    }
  }
  return result
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
