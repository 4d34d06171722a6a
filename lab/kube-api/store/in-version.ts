import { deepFreeze } from '@meridian/lab-world/json'
import { apiVersionOf, type Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { fillDefaults } from '../schema/fill-defaults.ts'
import { pruneObject } from '../schema/prune-fields.ts'

/**
 * An object in the version of a kind: as definitions without a webhook convert, by the name of the version alone, and
 * without the fields that the version does not have.
 */
export function inVersion(kind: Kind, object: KubeObject): KubeObject {
  const apiVersion = apiVersionOf(kind)
  const { schema, stored } = kind
  // Only kinds that are defined have several versions, and those have schemas.
  if (object.apiVersion === apiVersion || !schema) return object
  const { metadata, ...content } = pruneObject(object, schema).object as KubeObject
  // What is read out of the store has the defaults of the version that it is stored in.
  const filled = stored ? content : (fillDefaults(content, schema) as typeof content)
  return deepFreeze({ ...filled, metadata, apiVersion } as KubeObject)
}
