import type { State } from './inputs.ts'
import { states } from './inputs.ts'

/** What a comment of this action says of itself, where nobody sees it. */
export type Marker = {
  /** `pr-42.k8s.example.com` */
  readonly root: string
  readonly state: State
  readonly commit: string | undefined
  /** What somebody has asked for by a comment. */
  readonly wanted: 'up' | 'down' | undefined
}

const begin = '<!-- meridian:'

/** The first line of a comment. Every value is of a form that cannot end it. */
export function writeMarker({ root, state, commit, wanted }: Marker): string {
  const fields = [
    `environment=${root}`,
    `state=${state}`,
    commit && `commit=${commit}`,
    wanted && `wanted=${wanted}`,
  ]
  return `${begin}${fields.filter(Boolean).join(' ')} -->`
}

/** Reads the first line of a comment; undefined if it is none of ours. Pure. */
export function readMarker(body: string): Marker | undefined {
  const [line = ''] = body.split(/\r?\n/)
  if (!line.startsWith(begin) || !line.endsWith(' -->')) return undefined
  const fields = new Map(
    line
      .slice(begin.length, -4)
      .split(' ')
      .map(field => [field.split('=')[0] ?? '', field.split('=')[1] ?? '']),
  )
  const state = states.find(each => each === fields.get('state'))
  const root = fields.get('environment')
  if (root === undefined || state === undefined) return undefined
  const wanted = fields.get('wanted')
  const commit = fields.get('commit')
  return {
    root,
    state,
    commit: commit === undefined || !/^[0-9a-f]{40,64}$/.test(commit) ? undefined : commit,
    wanted: wanted === 'up' || wanted === 'down' ? wanted : undefined,
  }
}

/** Whether an environment of that state may have anything that costs. */
export const stands = (state: State | undefined): boolean =>
  state !== undefined && state !== 'gone' && state !== 'refused'
