import type { ServerResponse } from 'node:http'
import type { PartName, Parts } from './render-parts.ts'

/** Who has the page open, and what each has been told. */
export type EventStream = {
  /** Tells everything at once, and from then on what changes, until the response ends. */
  join(response: ServerResponse): void
  viewers(): number
}

type Viewer = { response: ServerResponse; told: Partial<Parts>; toldAt: number }

type Options = {
  /** The world's parts as they are now. */
  look: () => Parts
  /** Milliseconds between two looks while anybody has the page open. */
  every?: number
}

/** After so many milliseconds of silence a word is said, so that a connection that is gone is noticed. */
const silence = 15_000
/** How soon a browser comes back whose connection was lost, in milliseconds. */
const retry = 1_000

/**
 * Server-sent events of what changes. What a viewer is told is a state and no history: one that comes back, or that reads more
 * slowly than the world changes, is told what is then, and nothing is kept for it.
 */
export function createEventStream({ look, every = 500 }: Options): EventStream {
  const viewers = new Set<Viewer>()
  let timer: NodeJS.Timeout | undefined

  function tellAll(): void {
    const parts = look()
    for (const viewer of viewers) tell(viewer, parts)
  }

  return {
    join(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write(`retry: ${retry}\n\n`)
      const viewer: Viewer = { response, told: {}, toldAt: Date.now() }
      viewers.add(viewer)
      tell(viewer, look())
      timer ??= setInterval(tellAll, every).unref()
      response.on('close', () => {
        viewers.delete(viewer)
        if (viewers.size > 0) return
        clearInterval(timer)
        timer = undefined
      })
    },
    viewers: () => viewers.size,
  }
}

/** The parts that are not as they were told. */
export function changedParts(told: Partial<Parts>, now: Parts): PartName[] {
  const names = Object.keys(now) as PartName[]
  return names.filter(name => told[name] !== now[name])
}

/** One event: a line of JSON, since markup has lines of its own. */
export function eventOf(part: PartName, markup: string): string {
  return `event: part\ndata: ${JSON.stringify({ part, markup })}\n\n`
}

function tell(viewer: Viewer, parts: Parts): void {
  const { response, told } = viewer
  // It has not read the last one yet.
  if (response.writableNeedDrain) return
  const changed = changedParts(told, parts)
  if (changed.length === 0 && Date.now() - viewer.toldAt < silence) return
  viewer.toldAt = Date.now()
  response.write(changed.map(part => eventOf(part, parts[part])).join('') || ': still here\n\n')
  for (const part of changed) told[part] = parts[part]
}
