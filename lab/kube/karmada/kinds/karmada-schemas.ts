import { readFileSync } from 'node:fs'
import type { Schema } from '../../api/index.ts'

const text = readFileSync(new URL('karmada-1.18.json', import.meta.url), 'utf8')
const schemas: Readonly<Record<string, Schema>> = JSON.parse(text)

/** What Karmada 1.18 says that objects of one of its kinds may hold. */
export function karmadaSchema(kind: string): Schema {
  const schema = schemas[kind]
  if (!schema) throw new Error(`Karmada's ${kind} has not been recorded`)
  return schema
}
