import { alias } from '@meridian/identity'
import { type Parser, yamlOf } from '@meridian/runner'
import * as z from 'zod/mini'

/** `placement` as given: which clusters take part is settled once the federation's members are known. */
export type GivenPlacement = {
  mode: 'even' | 'dynamic' | 'duplicate' | 'weights'
  weights?: Record<string, number>
  only?: string[]
  exclude?: string[]
}

const modes = ['even', 'dynamic', 'duplicate'] as const
const words = `must be ${modes.join(', ')}, or YAML with weights, mode, only or exclude`
const weight = z.int('must be a whole number').check(z.gte(0), z.lte(1000))
const names = z.optional(z.array(z.string('must be the name of a cluster')).check(z.minLength(1)))
const shape = z.strictObject(
  {
    mode: z.optional(z.enum(modes, `must be one of ${modes.join(', ')}`)),
    weights: z.optional(z.record(z.string(), weight)),
    only: names,
    exclude: names,
  },
  words,
)

/** Reads the input `placement`; throws an Error whose message says what is allowed. */
export const placement: Parser<GivenPlacement> = raw => {
  const mode = modes.find(word => word === raw)
  if (mode) return { mode }
  const { mode: given, weights, only, exclude } = yamlOf(shape)(raw)
  for (const name of [...Object.keys(weights ?? {}), ...(only ?? []), ...(exclude ?? [])]) alias(name)
  if (only && exclude) throw new Error('must have either only or exclude')
  const choice = { ...(only && { only }), ...(exclude && { exclude }) }
  if (weights === undefined) return { mode: given ?? 'even', ...choice }
  if (given !== undefined) throw new Error('must have either weights or mode')
  if (Object.values(weights).every(each => each === 0)) throw new Error('must have a weight above 0')
  return { mode: 'weights', weights, ...choice }
}
