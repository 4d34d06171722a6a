/** `*` stands for any text, `?` for a letter. */
export function matches(pattern: string, text: string): boolean {
  const known = expressions.get(pattern) ?? toExpression(pattern)
  expressions.set(pattern, known)
  return known.test(text)
}

const expressions = new Map<string, RegExp>()

function toExpression(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's')
}
