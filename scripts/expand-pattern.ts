const most = 24

/**
 * The texts that a regular expression looks for, as a reader would search for them: alternatives one by one, `…` for what
 * may be anything, `N` for a number. Throws where there are too many to be read, and for what it cannot read itself.
 */
export function expandPattern(source: string): string[] {
  const [texts, rest] = readAlternatives(source)
  if (rest !== '') throw new Error(`/${source}/ cannot be shown: it goes on with '${rest}'`)
  const shown = texts.map(text => text.replace(/…+/g, '…').trim()).filter(text => text !== '')
  const unlike = shown.filter((text, at) => {
    const same = (other: string) => other.toLowerCase() === text.toLowerCase()
    return shown.findIndex(same) === at
  })
  if (unlike.length > most)
    throw new Error(`/${source}/ cannot be shown: it stands for ${unlike.length} texts`)
  return unlike
}

/** Up to the closing parenthesis, which stays in the rest. */
function readAlternatives(source: string): [texts: string[], rest: string] {
  const found: string[] = []
  let rest = source
  for (;;) {
    const [texts, after] = readSequence(rest)
    found.push(...texts)
    if (!after.startsWith('|')) return [found, after]
    rest = after.slice(1)
  }
}

function readSequence(source: string): [texts: string[], rest: string] {
  let texts = ['']
  let rest = source
  while (rest !== '' && !/^[|)]/.test(rest)) {
    const [options, after] = readPart(rest)
    texts = texts.flatMap(text => options.map(option => text + option))
    rest = after
  }
  return [texts, rest]
}

/** One letter, class or group, with the quantifier behind it. */
function readPart(source: string): [options: string[], rest: string] {
  if (/^(\^|\$|\\b)/.test(source)) return [[''], source.replace(/^(\^|\$|\\b)/, '')]
  const [options, rest] = source.startsWith('(') ? readGroup(source) : readLetter(source)
  const [quantifier = ''] = /^([*+?]|\{[\d,]+\})\??/.exec(rest) ?? []
  const after = rest.slice(quantifier.length)
  if (quantifier.startsWith('?')) return [['', ...options], after]
  if (quantifier === '' || options.every(option => option === 'N')) return [options, after]
  return [['…'], after]
}

function readGroup(source: string): [options: string[], rest: string] {
  const [options, rest] = readAlternatives(source.replace(/^\((\?(:|<?[=!]))?/, ''))
  if (!rest.startsWith(')')) throw new Error(`'${source}' has no end`)
  // What must or must not stand beside a text is no part of it.
  return [/^\(\?<?[=!]/.test(source) ? [''] : options, rest.slice(1)]
}

function readLetter(source: string): [options: string[], rest: string] {
  const [whole = '', escaped, set] = /^(?:\\(.)|\[((?:\\.|[^\]])*)\]|.)/.exec(source) ?? []
  const rest = source.slice(whole.length)
  if (set !== undefined) return [[set === '0-9' ? 'N' : '…'], rest]
  if (escaped === 'd') return [['N'], rest]
  if (escaped !== undefined) return [[/[a-zA-Z]/.test(escaped) ? '…' : escaped], rest]
  return [[whole === '.' ? '…' : whole], rest]
}
