import { type FieldSet, pathKey, without } from './field-set.ts'
import { isSameManager, type Manager } from './managed-fields.ts'

/** The kind behind a scale: its version, and the dotted path of its replicas. */
export type ScaledParent = { apiVersion: string; replicas: string }

const ofScale = setOf('spec.replicas')

function setOf(dotted: string): FieldSet {
  const path = dotted.split('.').map(field => `f:${field}`)
  return new Map([[pathKey(path), path]])
}

function owns({ fields }: Manager, set: FieldSet): boolean {
  return [...set.keys()].every(key => fields.has(key))
}

/** The owners of the replicas of an object, as owners of those of its Scale. */
export function managersOfScale(managers: readonly Manager[], parent: ScaledParent): Manager[] {
  const replicas = setOf(parent.replicas)
  return managers
    .filter(manager => manager.apiVersion === parent.apiVersion && owns(manager, replicas))
    .map(manager => ({ ...manager, apiVersion: 'autoscaling/v1', fields: ofScale }))
}

/** The owners of an object after a write of its Scale: who lost the replicas there loses them here. */
export function managersOfParent(
  managers: readonly Manager[],
  scaled: readonly Manager[],
  parent: ScaledParent,
): Manager[] {
  const replicas = setOf(parent.replicas)
  const asParent = scaled
    .filter(manager => owns(manager, ofScale))
    .map(manager => ({ ...manager, apiVersion: parent.apiVersion, fields: replicas }))
  const kept = managers.map(manager => {
    const still = asParent.some(other => isSameManager(other, manager))
    return still || !owns(manager, replicas)
      ? manager
      : { ...manager, fields: without(manager.fields, replicas) }
  })
  const added = asParent.filter(manager => !managers.some(other => isSameManager(other, manager)))
  // Kubernetes forgets when they came.
  return [...kept, ...added.map(({ time: _, ...manager }) => manager)]
}
