import { type Lasting, stillOurs } from '@meridian/karmada'
import { describeRef, type Kube, type KubeObject, patchOver, refOf } from '@meridian/kube'
import { TimeoutError } from '@meridian/runner'
import { sentAnnotation } from '../plan/mark-object.ts'
import type { TemplateStatus } from './template-status.ts'

/** A wait that would end in nothing else, and has ended before its time. */
export class LastingError extends TimeoutError {}

/** What keeps an object from a cluster for good; `image`: a registry has not got it, or does not let the cluster in. */
export type Failure = { lasting: Sort; object: string; cluster: string; reason: string }
type Sort = Lasting | 'image'

/**
 * For how long each must be so, in milliseconds, while nothing else moves either: reports lag behind what a run has just
 * written, by a moment of a small app and by more of a large one, whose other objects move then.
 */
const patience: Readonly<Record<Sort, number>> = {
  failed: 5_000,
  taken: 4_000,
  refused: 10_000,
  barred: 15_000,
  // It may be pushed a moment later.
  image: 90_000,
}
/**
 * What Karmada tries again, at last every 17 minutes (the limit of its queue's back-off): a word from before somebody has put
 * it right. At a change it tries at once.
 */
const tried: readonly Sort[] = ['taken', 'refused']
/** An app may move for ever, crashing and starting again. */
const mostMilliseconds = 120_000

/**
 * Judges at each look whether it is time to give up. Answers with the templates that are to be sent again before, each once;
 * throws a LastingError that names all that lasts.
 */
export function createFailureJudge(): (
  statuses: readonly TemplateStatus[],
  progress: string,
  now: number,
  images?: readonly Failure[],
) => KubeObject[] {
  let since = new Map<string, number>()
  let last = { progress: '', at: Number.NEGATIVE_INFINITY }
  const sentAt = new Map<string, number>()
  return (statuses, progress, now, images = []) => {
    if (progress !== last.progress) last = { progress, at: now }
    const failures = [...statuses.flatMap(listFailures), ...images]
    since = new Map(failures.map(keyOf).map(key => [key, since.get(key) ?? now]))
    const isDue = (failure: Failure) => {
      const first = Math.max(since.get(keyOf(failure)) ?? now, sentAt.get(failure.object) ?? 0)
      return now - Math.max(first, last.at) >= patience[failure.lasting] || now - first >= mostMilliseconds
    }
    const due = failures.filter(isDue)
    const isTried = ({ object, lasting }: Failure) => !tried.includes(lasting) || sentAt.has(object)
    if (due.some(isTried)) throw explainFailures(failures)
    const again = new Set(due.map(({ object }) => object))
    for (const object of again) sentAt.set(object, now)
    return statuses.map(({ template }) => template).filter(template => again.has(nameOf(template)))
  }
}

/** Has Karmada try again what it has not brought to a member: by an annotation, which goes with it. */
export async function sendAgain(
  federation: Pick<Kube, 'get' | 'patch'>,
  template: KubeObject,
  now: number,
): Promise<void> {
  const annotations = { [sentAnnotation]: new Date(now).toISOString() }
  await patchOver(federation, template, { metadata: { annotations } }, stillOurs(template))
}

const nameOf = (template: KubeObject) => describeRef(refOf(template))

/** What keeps an object from its clusters for good, as was last reported. */
function listFailures({ template, status }: TemplateStatus): Failure[] {
  const object = nameOf(template)
  return status.regions.flatMap(({ cluster, reason, lasting }) =>
    lasting === undefined ? [] : [{ lasting, object, cluster, reason: reasonOf(reason, status.reason) }],
  )
}

/** Of what is scheduled nowhere the scheduler's own words say why. */
function reasonOf(reason: string, whole: string): string {
  return reason === 'waiting to be scheduled' ? whole : reason
}

function keyOf({ lasting, object, cluster }: Failure): string {
  return [lasting, object, cluster].join('\0')
}

/** One error for all that lasts: what, where, why, and what to do about each sort. */
function explainFailures(failures: readonly Failure[]): LastingError {
  const lines = failures.map(({ object, cluster, reason }) => `- ${object} in ${cluster}: ${reason}`)
  const fixes = (Object.keys(patience) as Sort[]).flatMap(lasting => {
    const own = failures.filter(failure => failure.lasting === lasting)
    return own.length === 0 ? [] : [fixOf(lasting, own)]
  })
  return new LastingError(
    ['the app does not arrive everywhere, and no waiting mends it:', ...lines].join('\n'),
    {
      fix: `${fixes.join(' ')} Then run this again.`,
      ...(failures.some(({ lasting }) => lasting !== 'barred') && { input: 'manifests' }),
    },
  )
}

function fixOf(lasting: Sort, failures: readonly Failure[]): string {
  const clusters = [...new Set(failures.map(({ cluster }) => cluster))].join(', ')
  const objects = [...new Set(failures.map(({ object }) => object))].join(', ')
  switch (lasting) {
    case 'taken':
      return `${clusters} has ${objects} already, which Karmada did not bring: take it over with adopt: true, delete it there if nobody needs it, or give yours another name.`
    case 'refused':
      return `Correct what ${clusters} refuses of ${objects}, or the rule there that refuses it.`
    case 'failed':
      return `The log above has the pods of ${objects}. A Job that has failed does not run again: give it another name, or delete it in the federation first.`
    case 'image':
      return `Push the image of ${objects}, correct its name (in the manifest, or by images), or let ${clusters} pull it: image-pull-secrets names the Secrets for it.`
    case 'barred':
      return `${clusters} takes no new work: take the taint off (karmadactl uncordon, or karmadactl taint), or deploy without it for now, with placement: {exclude: [${clusters}]}.`
  }
}
