/** Thrown for a GITHUB_OUTPUT, GITHUB_ENV or GITHUB_STATE file that the real runner refuses, in its words. */
export class FileCommandError extends Error {}

/**
 * Reads `NAME=value` lines and `NAME<<DELIMITER` blocks.
 * Later values of a name win; an unfinished block is an error, as on GitHub.
 */
export function parseFileCommands(content: string): Record<string, string> {
  const values: [string, string][] = []
  const lines = content.replace(/^\uFEFF/, '').split(/\r?\n/)
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line === '') continue
    const { name, delimiter, value } = readHead(line)
    if (delimiter === undefined) {
      values.push([name, value])
      continue
    }
    const end = lines.indexOf(delimiter, at + 1)
    if (end < 0) throw new FileCommandError(`Invalid value. Matching delimiter not found '${delimiter}'`)
    values.push([name, lines.slice(at + 1, end).join('\n')])
    at = end
  }
  return Object.fromEntries(values)
}

/** Reads GITHUB_PATH: one directory a line; the last one written is searched first. */
export function parsePathFile(content: string): string[] {
  return content
    .split(/\r?\n/)
    .filter(line => line !== '')
    .reverse()
}

function readHead(line: string): { name: string; delimiter?: string; value: string } {
  const equals = line.indexOf('=')
  const heredoc = line.indexOf('<<')
  if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
    if (equals === 0) throw new FileCommandError(`Invalid format '${line}'. Name must not be empty`)
    return { name: line.slice(0, equals), value: line.slice(equals + 1) }
  }
  if (heredoc < 0) throw new FileCommandError(`Invalid format '${line}'`)
  const name = line.slice(0, heredoc)
  const delimiter = line.slice(heredoc + 2)
  if (name === '' || delimiter === '') {
    throw new FileCommandError(
      `Invalid format '${line}'. Name must not be empty and delimiter must not be empty`,
    )
  }
  return { name, delimiter, value: '' }
}
