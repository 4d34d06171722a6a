/**
 * Inputs as they are typed in a workflow, for the advice that an action prints: `domain: k8s.example.com, record: '@'`.
 * Those that are undefined are left out. Values that YAML would not take for plain text are quoted; lists and maps, which
 * begin with a bracket, are written as they are.
 */
export function typedInputs(given: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(given)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${quote(value)}`]))
    .join(', ')
}

function quote(value: string): string {
  const plain = /^[[{]|^[A-Za-z][\w./-]*$/
  return plain.test(value) ? value : `'${value.replaceAll("'", "''")}'`
}
