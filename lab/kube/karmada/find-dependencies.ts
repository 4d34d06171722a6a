import { fieldsAt, type KubeObject, listAt, textAt } from '../api/index.ts'

export type Dependency = {
  kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim' | 'ServiceAccount'
  name: string
}

/** What the pods of a workload need beside themselves, in the order it is first mentioned. */
export function findDependencies(template: KubeObject): Dependency[] {
  const spec = fieldsAt(template, 'spec', 'template', 'spec')
  const account = textAt(spec, 'serviceAccountName')
  const found = [
    ...listAt(spec, 'volumes').flatMap(ofVolume),
    ...[...listAt(spec, 'initContainers'), ...listAt(spec, 'containers')].flatMap(ofContainer),
    ...named('Secret', ...listAt(spec, 'imagePullSecrets').map(each => textAt(each, 'name'))),
    ...(account === 'default' ? [] : named('ServiceAccount', account)),
  ]
  return [...new Map(found.map(each => [`${each.kind}/${each.name}`, each])).values()]
}

function ofVolume(volume: unknown): Dependency[] {
  const projected = listAt(volume, 'projected', 'sources')
  return [
    ...named(
      'ConfigMap',
      textAt(volume, 'configMap', 'name'),
      ...projected.map(each => textAt(each, 'configMap', 'name')),
    ),
    ...named(
      'Secret',
      textAt(volume, 'secret', 'secretName'),
      ...projected.map(each => textAt(each, 'secret', 'name')),
    ),
    ...named('PersistentVolumeClaim', textAt(volume, 'persistentVolumeClaim', 'claimName')),
  ]
}

function ofContainer(container: unknown): Dependency[] {
  const sources = [
    ...listAt(container, 'envFrom'),
    ...listAt(container, 'env').map(each => fieldsAt(each, 'valueFrom')),
  ]
  return sources.flatMap(source => [
    ...named('ConfigMap', textAt(source, 'configMapRef', 'name'), textAt(source, 'configMapKeyRef', 'name')),
    ...named('Secret', textAt(source, 'secretRef', 'name'), textAt(source, 'secretKeyRef', 'name')),
  ])
}

function named(kind: Dependency['kind'], ...names: string[]): Dependency[] {
  return names.filter(Boolean).map(name => ({ kind, name }))
}
