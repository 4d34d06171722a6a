import { ToolError } from '../terminal.ts'

/**
 * Reads `--cloud-labels` as kops does: commas separate pairs wherever they stand, `=` separates key from
 * value, and an `=` inside either needs double quotes around it.
 */
export function parseCloudLabels(text: string): Record<string, string> {
  if (text === '') return {}
  const pairs = text.split(',').map(pair => {
    const fields = splitFields(pair)
    const [key, value] = fields ?? []
    if (fields?.length !== 2 || key === undefined || value === undefined) throw malformed(text)
    return [key, value] as const
  })
  return Object.fromEntries(pairs)
}

function splitFields(pair: string): string[] | undefined {
  const fields: string[] = []
  let rest = pair.trimStart()
  for (;;) {
    const [whole, quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^="]*))(?==|$)/.exec(rest) ?? []
    if (whole === undefined) return undefined
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (whole.length === rest.length) return fields
    rest = rest.slice(whole.length + 1).trimStart()
  }
}

function malformed(text: string): ToolError {
  const records = text.replaceAll(',', '\n')
  return new ToolError(
    `error parsing global cloud labels: one or more key=value pairs are malformed:\n${records}\n:wrong number of fields`,
  )
}
