import type { Kind } from '../kind.ts'
import { publishedSchema } from './published.ts'
import type { Schema } from './schema.ts'

/** What objects of a kind may hold, metadata included; undefined where nobody has said. */
export function schemaOf(kind: Kind): Schema | undefined {
  return kind.schema ?? publishedSchema(kind)
}
