import { expect } from 'vitest'
import type { Ran } from './run-here.ts'

/**
 * What a run does to the thing that it meets, the whole world beside it being as it was:
 * - `untouched`: nothing, and it succeeds
 * - `fails`: nothing, and it fails, not on account of the owner
 * - `refused`: nothing in the whole world, and it fails with words that name the owner, or say why that cannot be told
 * - `told`: nothing, and it goes on with what is its own, but fails in the end with such words
 * - `changed`: it is another than before, and still there
 * - `gone`: nothing of it is left
 */
const outcomes = ['untouched', 'fails', 'refused', 'told', 'changed', 'gone'] as const
export type Outcome = (typeof outcomes)[number]

/** One row per owner, one word per column; `·` where there is no such cell. */
export type Table<Column extends string> = Readonly<
  Record<string, Readonly<Partial<Record<Column, Outcome>>>>
>

/** Reads a table as it is written: a first line of columns, then lines of an owner, two blanks at least, and words. */
export function readTable<Column extends string>(columns: readonly Column[], text: string): Table<Column> {
  const [head = '', ...lines] = text.split('\n').filter(line => line.trim() !== '')
  const named = head.trim().split(/\s+/)
  if (named.join() !== columns.join()) throw new Error(`the columns are ${columns.join(', ')}, not ${named}`)
  return Object.fromEntries(
    lines.map(line => {
      const [owner = '', rest = ''] = line.trim().split(/\s{2,}(.*)/)
      const words = rest.trim().split(/\s+/)
      if (words.length !== columns.length) throw new Error(`${owner}: ${words.length} words`)
      const cells = columns.flatMap((column, at) => {
        const word = words[at]
        if (word === '·') return []
        if (!outcomes.some(outcome => outcome === word)) throw new Error(`${owner}: ${word}`)
        return [[column, word]]
      })
      return [owner, Object.fromEntries(cells)]
    }),
  )
}

/** What a cell is about, as patterns of places in the world. */
export type Scene = {
  /** The thing itself. */
  readonly thing: RegExp
  /** What is the run's own beside it, and what the run may make. */
  readonly beside?: RegExp
  /** What of that may differ without being in the way of the next cell. */
  readonly lasting?: RegExp
  /** What a refusal says. */
  readonly words: RegExp
}

/** Where something differs. */
export const placeOf = (difference: string) => difference.slice(2).replace(/: .*$/s, '')

/** Compares what a run has done with what its cell says. */
export function expectOutcome(
  ran: Omit<Ran, 'job'>,
  outcome: Outcome,
  { thing, beside, words }: Scene,
  left: () => string[],
): void {
  const { error, differences, struck } = ran
  const own = differences.filter(difference => thing.test(placeOf(difference)))
  const others = differences.filter(difference => !own.includes(difference))
  const strange = others.filter(difference => outcome === 'refused' || !beside?.test(placeOf(difference)))
  const seen = {
    error,
    strange,
    struck,
    own: summarize(
      outcome,
      own,
      left().filter(place => thing.test(place)),
    ),
  }
  const failing = outcome === 'refused' || outcome === 'told'
  expect(seen).toEqual({
    error: failing ? expect.stringMatching(words) : outcome === 'fails' ? expect.anything() : undefined,
    strange: [],
    // What was to keep the run from reading something has done so.
    struck: failing ? struck.map(() => expect.toSatisfy((count: number) => count > 0)) : struck,
    own: outcome === 'changed' || outcome === 'gone' ? outcome : [],
  })
}

function summarize(outcome: Outcome, own: readonly string[], left: readonly string[]): unknown {
  if (outcome === 'gone' && own.length > 0 && left.length === 0) return 'gone'
  if (outcome === 'changed' && own.length > 0 && left.length > 0) return 'changed'
  return outcome === 'gone' ? [...own, ...left.map(place => `  ${place}`)] : own
}
