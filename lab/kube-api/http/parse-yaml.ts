import { parseAllDocuments, type ScalarTag } from 'yaml'
import { findRepeatedKeys } from './repeated-keys.ts'

/** In YAML 1.1, which servers read, these words are booleans. */
const words: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:[yYnN]|[yY]es|YES|[nN]o|NO|[oO]n|ON|[oO]ff|OFF)$/,
  resolve: word => /^(?:y|yes|on)$/i.test(word),
}

export type ParsedYaml = {
  body: unknown
  /** What is said of each key that stands twice in a map. */
  repeated: string[]
}

/** Reads the first document of a text, whatever follows. The last one of two equal keys counts. Throws for no YAML. */
export function parseYaml(text: string): ParsedYaml {
  if (/^\s*\{/.test(text)) {
    const json = parseJson(text)
    if (json) return json
  }
  const document = parseAllDocuments(text, { customTags: tags => [words, ...tags], merge: true })[0]
  if (!document || 'empty' in document) return { body: null, repeated: [] }
  const errors = document.errors.filter(error => error.code !== 'DUPLICATE_KEY')
  if (errors[0]) throw errors[0]
  const repeated = document.errors.map(({ linePos, pos }) => {
    const key = /^["']?([^:"'\s]+)/.exec(text.slice(pos[0]))?.[1] ?? ''
    return describe(linePos?.[0].line ?? 0, key)
  })
  return { body: document.toJS(), repeated }
}

function parseJson(text: string): ParsedYaml | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return { body, repeated: findRepeatedKeys(text).map(({ line, key }) => describe(line, key)) }
  } catch {
    return undefined
  }
}

const describe = (line: number, key: string) => `line ${line}: key ${JSON.stringify(key)} already set in map`
