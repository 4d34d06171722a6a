import { fieldsAt, type KubeObject, listAt, sameJson, textAt, valueAt } from '../objects.ts'

/** Holds a definition that is deleted until its objects have gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io'

type Condition = { type: string; status: string; reason: string; message: string }

/** The status that a definition is written with: every version that was ever stored stays in it. */
export function writtenStatus(definition: KubeObject): unknown {
  const versions = listAt(definition, 'spec', 'versions')
  const stored = versions
    .filter(version => valueAt(version, 'storage') === true)
    .map(version => textAt(version, 'name'))
  const { acceptedNames = { kind: '', plural: '' }, ...status } = fieldsAt(definition, 'status')
  const known = listAt(status, 'storedVersions')
  return {
    ...status,
    acceptedNames,
    storedVersions: [...known, ...stored.slice(0, 1).filter(name => !known.includes(name))],
  }
}

/** The same with its names accepted. */
export function establishedStatus(definition: KubeObject, time: string): unknown {
  const accepted = {
    type: 'NamesAccepted',
    status: 'True',
    reason: 'NoConflicts',
    message: 'no conflicts found',
  }
  const established = {
    type: 'Established',
    status: 'True',
    reason: 'InitialNamesAccepted',
    message: 'the initial names have been accepted',
  }
  const status = withCondition(definition, accepted, time)
  return {
    ...fieldsAt({ status: withCondition({ ...definition, status }, established, time) }, 'status'),
    acceptedNames: valueAt(definition, 'spec', 'names'),
  }
}

/** The status of a definition with a condition, whose time is that of its last change from true to false or back. */
export function withCondition(definition: KubeObject, condition: Condition, time: string): unknown {
  const status = fieldsAt(definition, 'status')
  const conditions = listAt(status, 'conditions')
  const before = conditions.find(each => textAt(each, 'type') === condition.type)
  const same = sameJson(valueAt(before, 'status'), condition.status)
  const next = { ...condition, lastTransitionTime: same ? valueAt(before, 'lastTransitionTime') : time }
  return {
    ...status,
    conditions: before ? conditions.map(each => (each === before ? next : each)) : [...conditions, next],
  }
}
