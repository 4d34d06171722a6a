import type { KubeObject } from '@meridian/lab-kube-api'
import { fieldsAt, listAt, textAt } from '@meridian/lab-world/json'

export type Dependency = {
  kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim' | 'ServiceAccount'
  name: string
}

/** Where the pods of a kind are described, of the kinds whose dependencies Karmada's own interpreter knows. */
const podSpecs: Readonly<Record<string, string[]>> = {
  'v1 Pod': ['spec'],
  'batch/v1 CronJob': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ...Object.fromEntries(
    ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'].map(kind => [
      `apps/v1 ${kind}`,
      ['spec', 'template', 'spec'],
    ]),
  ),
  'batch/v1 Job': ['spec', 'template', 'spec'],
}

/**
 * What a template needs beside itself, in the order it is first mentioned: what its pods use, the certificates of an
 * Ingress. Undefined for kinds that are not asked for it.
 */
export function findDependencies(template: KubeObject): Dependency[] | undefined {
  const type = `${template.apiVersion} ${template.kind}`
  if (type === 'networking.k8s.io/v1 Ingress') {
    const secrets = listAt(template, 'spec', 'tls').map(each => textAt(each, 'secretName'))
    return named('Secret', ...new Set(secrets))
  }
  const path = podSpecs[type]
  return path && dependenciesOf(fieldsAt(template, ...path))
}

function dependenciesOf(spec: unknown): Dependency[] {
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
