import type { Lasting } from '@meridian/karmada'
import { describeRef, refOf } from '@meridian/kube'
import { TimeoutError } from '@meridian/runner'
import type { Arrival } from './wait-done.ts'

/** A wait that would end in nothing else, and has ended before its time. */
export class LastingError extends TimeoutError {}

/** What keeps an object from a cluster for good. */
export type Failure = { lasting: Lasting; object: string; kind: string; cluster: string; reason: string }

/**
 * For how long each must be so, in milliseconds, while nothing else moves either: reports lag behind what a run has just
 * written, by a moment of a small app and by more of a large one, whose other objects move then.
 */
const patience: Readonly<Record<Lasting, number>> = {
  failed: 5_000,
  taken: 5_000,
  refused: 15_000,
  barred: 15_000,
}
/** An app may move for ever, crashing and starting again. */
const mostMilliseconds = 120_000

/** Says at each look whether it is time to give up: by throwing a LastingError that names all that lasts. */
export function createGiveUp(): (arrivals: readonly Arrival[], progress: string, now: number) => void {
  let since = new Map<string, number>()
  let last = { progress: '', at: Number.NEGATIVE_INFINITY }
  return (arrivals, progress, now) => {
    if (progress !== last.progress) last = { progress, at: now }
    const failures = arrivals.flatMap(listFailures)
    since = new Map(failures.map(keyOf).map(key => [key, since.get(key) ?? now]))
    const isOver = (failure: Failure) => {
      const first = since.get(keyOf(failure)) ?? now
      return now - Math.max(first, last.at) >= patience[failure.lasting] || now - first >= mostMilliseconds
    }
    if (failures.some(isOver)) throw explainFailures(failures)
  }
}

/** What keeps an object from its clusters for good, as was last reported. */
function listFailures({ template, status }: Arrival): Failure[] {
  const object = describeRef(refOf(template))
  return status.regions.flatMap(({ cluster, reason, lasting }) =>
    lasting === undefined
      ? []
      : [{ lasting, object, kind: template.kind, cluster, reason: reasonOf(reason, status.reason) }],
  )
}

/** Of what is scheduled nowhere the scheduler's own words say why. */
function reasonOf(reason: string, whole: string): string {
  return reason === 'waiting to be scheduled' ? whole : reason
}

function keyOf({ lasting, object, cluster, reason }: Failure): string {
  return [lasting, object, cluster, reason].join('\0')
}

/** One error for all that lasts: what, where, why, and what to do about each sort. Exported for its tests. */
export function explainFailures(failures: readonly Failure[]): LastingError {
  const lines = failures.map(({ object, cluster, reason }) => `- ${object} in ${cluster}: ${reason}`)
  const fixes = (Object.keys(patience) as Lasting[]).flatMap(lasting => {
    const own = failures.filter(failure => failure.lasting === lasting)
    return own.length === 0 ? [] : [fixOf(lasting, own)]
  })
  return new LastingError(['what no waiting mends:', ...lines].join('\n'), {
    fix: `${fixes.join(' ')} Then run this again.`,
    ...(failures.some(({ lasting }) => lasting !== 'barred') && { input: 'manifests' }),
  })
}

function fixOf(lasting: Lasting, failures: readonly Failure[]): string {
  const clusters = [...new Set(failures.map(({ cluster }) => cluster))].join(', ')
  const objects = [...new Set(failures.map(({ object }) => object))].join(', ')
  switch (lasting) {
    case 'taken':
      return `${clusters} has ${objects} already, which Karmada did not bring: take it over with adopt: true, delete it there if nobody needs it, or give yours another name.`
    case 'refused':
      return `Correct what ${clusters} refuses of ${objects}, or the rule there that refuses it.`
    case 'failed':
      return `The log above has the pods of ${objects}. A Job that has failed does not run again: give it another name, or delete it in the federation first.`
    case 'barred':
      return `${clusters} takes no new work: take the taint off (karmadactl uncordon, or karmadactl taint), or deploy without it for now, with placement: {exclude: [${clusters}]}.`
  }
}
