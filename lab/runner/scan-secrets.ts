import type { KnownSecret } from '@meridian/lab-world'
import type { StepProcess } from './started-process.ts'

type Said = Pick<
  StepProcess,
  'stdout' | 'stderr' | 'outputs' | 'summary' | 'state' | 'env' | 'annotations' | 'masks'
>

/** Throws if a secret is in anything that a process has said or left, as it is or in base64. */
export function refuseLeaks(what: string, said: Said, secrets: readonly KnownSecret[]): void {
  const leaks = findLeaks(said, secrets)
  if (leaks.length > 0) throw new Error(`${what} lets secrets out:\n${leaks.join('\n')}`)
}

/** One line for every secret and place where it is; never the secret itself. */
function findLeaks(said: Said, secrets: readonly KnownSecret[]): string[] {
  const places = placesOf(said)
  // What a run has masked it holds to be secret itself; logs of GitHub show it as stars, the rest does not.
  const masked = said.masks
    .filter(value => value.length >= 8)
    .map(value => ({ name: 'a masked value', value }))
  const lasting = places.filter(([place]) => place !== 'stdout' && place !== 'stderr')
  return [...search(places, secrets), ...search(lasting, masked)]
}

function search(places: readonly [string, string][], secrets: readonly KnownSecret[]): string[] {
  return secrets.flatMap(({ name, value }) => {
    const forms = [value, ...base64Forms(value)]
    return places
      .filter(([, text]) => forms.some(form => text.includes(form)))
      .map(([place]) => `${name} (${value.length} characters) is in its ${place}`)
  })
}

function placesOf({ stdout, stderr, outputs, summary, state, env, annotations }: Said): [string, string][] {
  const spoken = (text: string) => text.replaceAll(/^::add-mask::.*$/gm, '')
  const each = (kind: string, values: Record<string, string>) =>
    Object.entries(values).map(([name, value]): [string, string] => [`${kind} ${name}`, value])
  return [
    ['stdout', spoken(stdout)],
    ['stderr', spoken(stderr)],
    ['summary', summary],
    ['annotations', JSON.stringify(annotations)],
    ...each('output', outputs),
    ...each('state', state),
    ...each('variable', env),
  ]
}

/** The three ways in which base64 of a longer text can hold a value, without the characters it shares with others. */
function base64Forms(value: string): string[] {
  return [0, 1, 2].map(offset => {
    const whole = Buffer.from('\0'.repeat(offset) + value).toString('base64')
    const begin = Math.ceil((offset * 8) / 6)
    const end = Math.floor(((offset + Buffer.byteLength(value)) * 8) / 6)
    return whole.slice(begin, end)
  })
}
