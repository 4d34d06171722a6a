import { drawPause, gapOf, noteAdmitted, noteRefused, pauseOf, unhindered } from '../../src/zone/pace.ts'

type Crowd = {
  clients: number
  /** Seconds within which they start. */
  within: number
  /** They are spread over so many zones, each of which takes one change at a time. */
  zones: number
  bystander?: boolean
  seed?: number
}

const perSecond = 5
const answerSeconds = 0.15
const busySeconds = 0.2
/** A zone is sought, its records are read, a change is sent. */
const steps = 3
const hour = 3_600_000

/** What comes of clients that apply at once, on a clock of events: the same for the same seed. */
export function applyInCrowd({ clients, within, zones, bystander = false, seed = 0 }: Crowd) {
  const random = seeded(seed)
  const timeline = createTimeline()
  const admit = createBucket()
  const busyUntil = new Map<number, number>()
  const told = { seconds: 0, asked: 0, refused: 0, bystanderAsked: 0, bystanderRefused: 0 }
  let left = clients

  function start(zone: number): void {
    let pace = unhindered
    let step = 1
    const later = (milliseconds: number) => timeline.at(timeline.now() + milliseconds / 1000, ask)
    function ask(): void {
      told.asked += 1
      if (!admit(timeline.now())) {
        told.refused += 1
        pace = noteRefused(pace)
        later(drawPause(pauseOf(pace), hour, random) ?? 0)
        return
      }
      pace = noteAdmitted(pace)
      timeline.at(timeline.now() + answerSeconds, hear)
    }
    function hear(): void {
      const gap = drawPause(gapOf(pace), hour, random) ?? 0
      if (step < steps) {
        step += 1
        later(gap)
      } else if (timeline.now() < (busyUntil.get(zone) ?? 0)) {
        later(random() * 1_000 + gap)
      } else {
        busyUntil.set(zone, timeline.now() + busySeconds)
        left -= 1
        told.seconds = timeline.now()
      }
    }
    timeline.at(random() * within, ask)
  }

  function stand(): void {
    told.bystanderAsked += 1
    if (!admit(timeline.now())) told.bystanderRefused += 1
    timeline.at(timeline.now() + 1, stand)
  }

  for (let client = 0; client < clients; client += 1) start(client % zones)
  if (bystander) timeline.at(0.5, stand)
  while (left > 0) timeline.step()
  return told
}

function createTimeline() {
  const events: { due: number; task(): void }[] = []
  let now = 0
  return {
    now: () => now,
    at(due: number, task: () => void): void {
      const later = events.findIndex(event => event.due > due)
      events.splice(later < 0 ? events.length : later, 0, { due, task })
    },
    step(): void {
      const next = events.shift()
      if (next === undefined) throw new Error('nothing is to happen any more')
      now = next.due
      next.task()
    },
  }
}

/** The quota, written anew: it is not the lab's. */
function createBucket(): (now: number) => boolean {
  let tokens = perSecond
  let filledAt = 0
  return now => {
    tokens = Math.min(perSecond, tokens + (now - filledAt) * perSecond)
    filledAt = now
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
