/** The secrets that a job has declared. */
export type Masks = { add(value: string): void; hide(text: string): string; values(): string[] }

/**
 * Collects masks as GitHub's runner does: a value of several lines also masks each of its lines,
 * which is why masking a whole kubeconfig makes harmless outputs vanish.
 */
export function createMasks(initial: readonly string[] = []): Masks {
  const known = new Set<string>()
  const add = (value: string): void => {
    for (const part of [value, ...value.split(/\r?\n/)]) if (part.trim() !== '') known.add(part)
  }
  for (const value of initial) add(value)
  const longestFirst = (): string[] => [...known].sort((a, b) => b.length - a.length)
  return {
    add,
    hide: text => longestFirst().reduce((hidden, value) => hidden.replaceAll(value, '***'), text),
    values: () => [...known],
  }
}
