/** The labels of a name without its final dot, lower-cased, with `\ddd` (octal) escapes resolved. */
export function labelsOf(name: string): string[] {
  const labels: string[] = ['']
  for (const [token] of name.matchAll(/\\[0-3][0-7]{2}|[\s\S]/g)) {
    if (token === '.') labels.push('')
    else
      labels[labels.length - 1] +=
        token.length > 1 ? String.fromCharCode(Number.parseInt(token.slice(1), 8)) : token
  }
  if (labels.at(-1) === '') labels.pop()
  return labels.map(label => label.toLowerCase())
}

/** The form in which Route 53 shows a name: lower case, final dot, octal escapes for special characters. */
export function canonicalName(name: string): string {
  return nameOf(labelsOf(name))
}

/** The canonical name of labels in lower case. */
export function nameOf(labels: readonly string[]): string {
  return `${labels.map(escapeLabel).join('.')}.`
}

function escapeLabel(label: string): string {
  return label.replace(
    /[^a-z0-9_-]/g,
    character => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  )
}

/**
 * Route 53 orders names by their labels from the right, as ASCII text with the dots in it.
 * (API reference, ListResourceRecordSets: "Sort order".)
 */
export function sortKey(name: string): string {
  return `${labelsOf(name).reverse().join('.')}.`
}

/** Whether a name is a zone's own or below it; both canonical. */
export function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`)
}

/** What Route 53 holds against a name, in its words; undefined for a legal one. */
export function nameProblem(name: string): string | undefined {
  const labels = labelsOf(name)
  const fatal = (kind: string, text: string) => `FATAL problem: ${kind} (${text}) encountered with '${name}'`
  if (labels.some(label => label === '')) return fatal('DomainLabelEmpty', 'Domain label is empty')
  if (labels.some(label => label.length > 63)) return fatal('DomainLabelTooLong', 'Domain label is too long')
  if (labels.join('.').length > 254) return fatal('DomainNameTooLong', 'Domain name is too long')
  return undefined
}
