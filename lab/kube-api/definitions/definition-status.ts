import { fieldsAt, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { type Condition, setCondition } from '../conditions.ts'
import type { KubeObject } from '../objects.ts'

/** Holds a definition that is deleted until its objects have gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io'

/** The status that a definition is written with: every version that was ever stored stays in it. */
export function writtenStatus(definition: KubeObject): unknown {
  const { acceptedNames = { kind: '', plural: '' }, ...status } = fieldsAt(definition, 'status')
  const known = listAt(status, 'storedVersions')
  return {
    ...status,
    acceptedNames,
    storedVersions: [
      ...known,
      ...storageVersions(definition)
        .slice(0, 1)
        .filter(name => !known.includes(name)),
    ],
  }
}

/** The same with its names accepted. */
export function establishedStatus(definition: KubeObject, time: string): unknown {
  const accepted: Condition = {
    type: 'NamesAccepted',
    status: 'True',
    reason: 'NoConflicts',
    message: 'no conflicts found',
  }
  const established: Condition = {
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

/** The status of a definition with a condition. */
export function withCondition(
  definition: KubeObject,
  condition: Omit<Condition, 'lastTransitionTime'>,
  time: string,
): unknown {
  const status = fieldsAt(definition, 'status')
  return { ...status, conditions: setCondition(listAt(status, 'conditions') as Condition[], condition, time) }
}

/** The names of the versions that a definition says its objects are stored in: one, if it is right. */
export function storageVersions(definition: unknown): string[] {
  return listAt(definition, 'spec', 'versions')
    .filter(version => valueAt(version, 'storage') === true)
    .map(version => textAt(version, 'name'))
}
