import { alias } from '@meridian/identity'
import { type Parser, yamlOf } from '@meridian/runner'
import * as z from 'zod/mini'

/** How something is spread, as given: which clusters take part is settled once the federation's members are known. */
export type GivenSpread = {
  mode: 'even' | 'dynamic' | 'duplicate' | 'weights'
  weights?: Record<string, number>
  only?: string[]
  exclude?: string[]
}

/** `placement` as given; `kinds` go otherwise, within the clusters of the app. */
export type GivenPlacement = GivenSpread & { kinds?: Record<string, GivenSpread> }

const modes = ['even', 'dynamic', 'duplicate'] as const
const words = `must be ${modes.join(', ')}, or YAML with weights, mode, only or exclude`
const weight = z.int('must be a whole number').check(z.gte(0), z.lte(1000))
const names = z.optional(z.array(z.string('must be the name of a cluster')).check(z.minLength(1)))
const fields = {
  mode: z.optional(z.enum(modes, `must be one of ${modes.join(', ')}`)),
  weights: z.optional(z.record(z.string(), weight)),
  only: names,
  exclude: names,
}
const kind = z.string().check(z.regex(/^[A-Z][A-Za-z0-9]{0,62}$/))
const ofKind = z.union([z.enum(modes), z.strictObject(fields)], words)
const shape = z.strictObject({ ...fields, kinds: z.optional(z.record(kind, ofKind)) }, `${words}, and kinds`)

/** Reads the input `placement`; throws an Error whose message says what is allowed. */
export const placement: Parser<GivenPlacement> = raw => {
  const mode = modes.find(word => word === raw)
  if (mode) return { mode }
  const { kinds, ...app } = yamlOf(shape)(raw)
  const spread = readSpread(app)
  if (kinds === undefined) return spread
  const each = Object.entries(kinds).map(([name, given]) => {
    try {
      return [name, typeof given === 'string' ? { mode: given } : readSpread(given)] as const
    } catch (error) {
      throw new Error(`kinds.${name}: ${(error as Error).message}`)
    }
  })
  return { ...spread, kinds: Object.fromEntries(each) }
}

/** Every cluster that a placement names, be it of some kinds only. */
export function namedClusters({ kinds = {}, ...app }: GivenPlacement): string[] {
  const all = [app, ...Object.values(kinds)].flatMap(({ weights = {}, only = [], exclude = [] }) => [
    ...Object.keys(weights),
    ...only,
    ...exclude,
  ])
  return [...new Set(all)]
}

function readSpread({ mode, weights, only, exclude }: z.infer<z.ZodMiniObject<typeof fields>>): GivenSpread {
  for (const name of [...Object.keys(weights ?? {}), ...(only ?? []), ...(exclude ?? [])]) alias(name)
  if (only && exclude) throw new Error('must have either only or exclude')
  const choice = { ...(only && { only }), ...(exclude && { exclude }) }
  if (weights === undefined) return { mode: mode ?? 'even', ...choice }
  if (mode !== undefined) throw new Error('must have either weights or mode')
  if (Object.values(weights).every(each => each === 0)) throw new Error('must have a weight above 0')
  return { mode: 'weights', weights, ...choice }
}
