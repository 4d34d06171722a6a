export type RepeatedKey = {
  /** With the fields that lead to it: `spec.ports[0].name`. */
  path: string
  key: string
  /** Of the text, from 1. */
  line: number
}

type Frame = { keys?: Set<string>; awaitsKey: boolean; step: string }

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],]/g

/** The keys that an object of a JSON text has more than once, which a parser passes over. */
export function findRepeatedKeys(text: string): RepeatedKey[] {
  const found = new Map<string, RepeatedKey>()
  const frames: Frame[] = []
  for (const { 0: token, index } of text.matchAll(tokens)) {
    const top = frames.at(-1)
    if (token === '{') frames.push({ keys: new Set(), awaitsKey: true, step: '' })
    else if (token === '[') frames.push({ awaitsKey: false, step: '[0]' })
    else if (token === '}' || token === ']') frames.pop()
    else if (token === ',') advance(top)
    else if (top?.keys && top.awaitsKey) {
      const key: string = JSON.parse(token)
      top.awaitsKey = false
      top.step = `.${key}`
      const path = frames
        .map(frame => frame.step)
        .join('')
        .replace(/^\./, '')
      if (top.keys.has(key)) found.set(path, { path, key, line: text.slice(0, index).split('\n').length })
      top.keys.add(key)
    }
  }
  return [...found.values()]
}

function advance(frame: Frame | undefined): void {
  if (!frame) return
  if (frame.keys) frame.awaitsKey = true
  else frame.step = `[${Number(frame.step.slice(1, -1)) + 1}]`
}
