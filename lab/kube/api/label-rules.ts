const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const word = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const keyRule =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

/** The rules that the name of a label, an annotation or a finalizer breaks. */
export function qualifiedNameRules(key: string): string[] {
  const [first = '', second, ...more] = key.split('/')
  if (more.length > 0) {
    return [
      `a valid label key ${keyRule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  const name = second ?? first
  return [
    ...(second === undefined ? [] : prefixRules(first)),
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...(Buffer.byteLength(name) > 63 ? ['name part must be no more than 63 bytes'] : []),
    ...(word.test(name) ? [] : [`name part ${keyRule}`]),
  ]
}

function prefixRules(prefix: string): string[] {
  if (prefix === '') return ['prefix part must be non-empty']
  return [
    ...(Buffer.byteLength(prefix) > 253 ? ['prefix part must be no more than 253 bytes'] : []),
    ...(subdomain.test(prefix) ? [] : [`prefix part ${subdomainRule}`]),
  ]
}

/** The rules that the value of a label breaks. */
export function labelValueRules(value: string): string[] {
  return [
    ...(Buffer.byteLength(value) > 63 ? ['must be no more than 63 bytes'] : []),
    ...(value === '' || word.test(value) ? [] : [valueRule]),
  ]
}
