import { alias } from '@meridian/identity'
import { type Parser, UserError, yamlOf } from '@meridian/runner'
import * as z from 'zod/mini'

const name = z.string('must be names of clusters, or lists of them')
const shape = z
  .array(z.union([name, z.array(name).check(z.minLength(1))], 'must be names of clusters, or lists of them'))
  .check(z.minLength(1))

/** Reads the input `waves`, such as `[usa, [eur, jpn]]`: each item is a cluster, or several at once. */
export const waves: Parser<string[][]> = raw => {
  const given = yamlOf(shape)(raw).map(wave => (typeof wave === 'string' ? [wave] : wave))
  const names = given.flat().map(alias)
  const twice = names.find((each, at) => names.indexOf(each) < at)
  if (twice !== undefined) throw new Error(`must name each cluster once, but names '${twice}' twice`)
  return given
}

/** The waves of the clusters that take part: as given, or one cluster each. Throws where a cluster is in none. */
export function orderWaves(given: readonly string[][] | undefined, clusters: readonly string[]): string[][] {
  if (given === undefined) return clusters.map(cluster => [cluster])
  const missing = clusters.filter(cluster => !given.flat().includes(cluster))
  if (missing.length > 0) {
    throw new UserError(`${missing.join(', ')}: in no wave, but the app goes there`, {
      fix: 'Name every cluster that takes part in waves, or leave waves out: then each cluster is one.',
      input: 'waves',
    })
  }
  const present = given.map(wave => wave.filter(cluster => clusters.includes(cluster)))
  return present.filter(wave => wave.length > 0)
}
