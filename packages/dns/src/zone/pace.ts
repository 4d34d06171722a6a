/**
 * What a process knows of the room in its account's quota, which it learns from what is refused of its own requests:
 * nobody else tells it, and processes share nothing.
 */
export type Pace = {
  /** Has a request been refused yet? From then on there is a crowd, as far as this process knows. */
  readonly crowded: boolean
  /** Refusals in a row. */
  readonly refused: number
}

/** Milliseconds within which a pause is drawn by lot, so that processes that were refused together part. */
export type Window = { readonly least: number; readonly most: number }

/** Of a process that has not been refused anything: it goes on at once. */
export const unhindered: Pace = { crowded: false, refused: 0 }

/**
 * Who is refused for the first time came at the same time as others, most likely many: an account takes 300 requests in this
 * time, and so does a change to reach all name servers. Whoever comes back sooner meets the same others again.
 */
const first: Window = { least: 0, most: 60_000 }
/** Later refusals are most often of a moment: by then the others are spread. */
const again: Window = { least: 2_000, most: 8_000 }
const growth = 1.5
const longestAgain = 30_000
/** Between the requests of one process in a crowd. */
const between: Window = { least: 500, most: 1_500 }
const none: Window = { least: 0, most: 0 }

/** After a request that was let through, whatever was answered. */
export function noteAdmitted({ crowded }: Pace): Pace {
  return { crowded, refused: 0 }
}

/** After a request that was refused because the rate is exceeded. */
export function noteRefused({ crowded, refused }: Pace): Pace {
  return { crowded: true, refused: crowded ? refused + 1 : 0 }
}

/** Before the next request. */
export function gapOf({ crowded }: Pace): Window {
  return crowded ? between : none
}

/** Before a request that was refused is sent again. */
export function pauseOf({ refused }: Pace): Window {
  if (refused === 0) return first
  return { least: again.least, most: Math.min(longestAgain, again.most * growth ** (refused - 1)) }
}

/** A pause within a window and `left` milliseconds; undefined where not even the shortest fits. */
export function drawPause({ least, most }: Window, left: number, random: () => number): number | undefined {
  if (least > left) return undefined
  return least + random() * (Math.min(most, left) - least)
}
