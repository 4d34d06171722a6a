/** An instance group some of whose machines were launched by an older version of its template. */
export type DueGroup = { readonly group: string; readonly machines: number }

/** Reads the table of `kops rolling-update cluster`; undefined for what is none. */
export function parseRolls(stdout: string): DueGroup[] | undefined {
  const [heading = '', ...lines] = stdout.split('\n').map(line => line.trim())
  const columns = heading.split(/\s+/)
  const [name, due] = [columns.indexOf('NAME'), columns.indexOf('NEEDUPDATE')]
  if (name < 0 || due < 0) return undefined
  const end = lines.indexOf('')
  return lines.slice(0, end < 0 ? undefined : end).flatMap(line => {
    const cells = line.split(/\s+/)
    const machines = Number(cells[due])
    return machines > 0 ? [{ group: cells[name] ?? '', machines }] : []
  })
}
