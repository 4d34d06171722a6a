/**
 * Lays rows out like Go's tabwriter with tab padding and a tab width of 8, as kops does: each column is as
 * wide as its widest cell plus one, rounded up to whole tabs.
 */
export function tabTable(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map(row => row.length))
  const widths = Array.from({ length: columns }, (_, column) => {
    const widest = Math.max(0, ...rows.map(row => row[column]?.length ?? 0))
    return Math.ceil((widest + 1) / 8) * 8
  })
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        if (column === row.length - 1) return cell
        return cell + '\t'.repeat(Math.ceil(((widths[column] ?? 0) - cell.length) / 8))
      })
      .join('')
  return rows.map(row => `${line(row)}\n`).join('')
}
