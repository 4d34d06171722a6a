/** `export NAME=value` lines that any POSIX shell can evaluate. */
export function shellExports(variables: Record<string, string>): string[] {
  return Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`)
}

/** Lines that take variables away, which would win over those that are set. */
export const shellUnsets = (names: readonly string[]): string[] => names.map(name => `unset ${name}`)

function quote(value: string): string {
  return /^[\w./:@%+,=-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`
}
