/** What is wrong with a text, in Kubernetes' words; nothing for one that is right. */
export type TextRule = (text: string) => string[]

function shaped(rule: string, pattern: string, ...examples: readonly string[]): TextRule {
  const whole = new RegExp(`^${pattern}$`)
  const shown = examples.map(example => `'${example}', `).join(' or ')
  const message = `${rule} (${shown ? `e.g. ${shown}` : ''}regex used for validation is '${pattern}')`
  return text => (whole.test(text) ? [] : [message])
}

const atMost =
  (most: number, unit = 'characters'): TextRule =>
  text =>
    Buffer.byteLength(text) > most ? [`must be no more than ${most} ${unit}`] : []

const all =
  (...rules: readonly TextRule[]): TextRule =>
  text =>
    rules.flatMap(rule => rule(text))

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const subdomain = `${label}(\\.${label})*`
const spelledWith = (letters: string) =>
  `must consist of ${letters}, and must start and end with an alphanumeric character`

const spelledAsLabel = shaped(
  `a lowercase RFC 1123 label ${spelledWith("lower case alphanumeric characters or '-'")}`,
  label,
  'my-name',
  '123-abc',
)
const spelledAsSubdomain = shaped(
  `a lowercase RFC 1123 subdomain ${spelledWith("lower case alphanumeric characters, '-' or '.'")}`,
  subdomain,
  'example.com',
)
const dotless: TextRule = text => {
  const problems = spelledAsLabel(text)
  return problems.length > 0 && spelledAsSubdomain(text).length === 0 ? ['must not contain dots'] : problems
}

export const dnsLabelRules = all(atMost(63), dotless)
export const dnsSubdomainRules = all(atMost(253), spelledAsSubdomain)
export const wildcardRules = all(
  atMost(253),
  shaped(
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
    `\\*\\.${subdomain}`,
    '*.example.com',
  ),
)
const underscored = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?'
export const dnsSearchRules = all(
  atMost(253),
  shaped(
    `a lowercase RFC 1123 subdomain ${spelledWith("lower case alphanumeric characters, '_', '-' or '.'")}`,
    `${underscored}(\\.${underscored})*`,
    'example.com',
  ),
)
export const dns1035Rules = all(
  atMost(63),
  shaped(
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    '[a-z]([-a-z0-9]*[a-z0-9])?',
    'my-name',
    'abc-123',
  ),
)

/** Of names that are one segment of a path. */
export const pathSegmentRules: TextRule = text => {
  if (text === '.' || text === '..') return [`may not be '${text}'`]
  return ['/', '%'].filter(part => text.includes(part)).map(part => `may not contain '${part}'`)
}

const word = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const spelledAsKey = shaped(
  spelledWith("alphanumeric characters, '-', '_' or '.'"),
  word,
  'MyName',
  'my.name',
  '123-abc',
)
const spelledAsValue = shaped(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  `(${word})?`,
  'MyValue',
  'my_value',
  '12345',
)

/** Of the names of labels, annotations, finalizers and conditions: `web`, `example.com/web`. */
export const qualifiedNameRules: TextRule = key => {
  const [first = '', second, ...more] = key.split('/')
  if (more.length > 0) {
    const [rule] = spelledAsKey('/')
    return [
      `a valid label key ${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  const name = second ?? first
  return [
    ...(second === undefined ? [] : prefixRules(first)),
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...[...atMost(63, 'bytes')(name), ...spelledAsKey(name)].map(rule => `name part ${rule}`),
  ]
}

function prefixRules(prefix: string): string[] {
  if (prefix === '') return ['prefix part must be non-empty']
  return [...atMost(253, 'bytes')(prefix), ...spelledAsSubdomain(prefix)].map(rule => `prefix part ${rule}`)
}

export const labelValueRules = all(atMost(63, 'bytes'), spelledAsValue)

const noWayUp: TextRule = text => {
  if (text === '.' || text === '..') return [`must not be '${text}'`]
  return text.startsWith('..') ? ["must not start with '..'"] : []
}

/** Of the keys of ConfigMaps and Secrets. */
export const dataKeyRules = all(
  atMost(253),
  shaped(
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    '[-._a-zA-Z0-9]+',
    'key.name',
    'KEY_NAME',
    'key-name',
  ),
  noWayUp,
)

/** Of an environment variable's name: printable ASCII but `=`, since C_IDENTIFIER is no longer asked for. */
export const variableNameRules: TextRule = text => [
  ...(text === '' ? ['environment variable name must be non-empty'] : []),
  ...(/^[ -<>-~]*$/.test(text)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]),
]

/** Of a port's name: IANA_SVC_NAME. */
export const portNameRules = all(
  atMost(15),
  text =>
    /^[-a-z0-9]+$/.test(text)
      ? []
      : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)'],
  text => (/[a-z]/.test(text) ? [] : ['must contain at least one letter (a-z)']),
  text => (text.includes('--') ? ['must not contain consecutive hyphens'] : []),
  text => (/^-|-$/.test(text) ? ['must not begin or end with a hyphen'] : []),
)

export const headerNameRules = shaped(
  "a valid HTTP header must consist of alphanumeric characters or '-'",
  '[-A-Za-z0-9]+',
  'X-Header-Name',
)
export const percentRules = shaped(
  "a valid percent string must be a numeric string followed by an ending '%'",
  '[0-9]+%',
  '1%',
  '93%',
)
