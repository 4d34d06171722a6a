/** Time in the world: delays are given in world seconds and pass `scale` times faster than real ones. */
export type Clock = {
  scale: number
  /** Milliseconds since the epoch when the world began. */
  origin: number
  /** Milliseconds since the epoch, as the world's clocks show them: real ones, unless its dates are scaled, too. */
  now(): number
  /** World seconds since the world began. */
  elapsed(): number
  after(worldSeconds: number, task: () => void): { cancel(): void }
  /** Never settles once the world has closed. */
  sleep(worldSeconds: number): Promise<void>
  /** Lets so much time have passed at once: a test of what is over then need not be fast enough to see it before. */
  skip(worldSeconds: number): void
}

/** Milliseconds that a timer can hold. */
const longest = 2 ** 31 - 1

type Alarm = { due: number; timer: NodeJS.Timeout | undefined; task(): void }

/**
 * `skew` is in milliseconds: this machine's clock is so far behind. With `dates: 'scaled'` its dates pass as fast as its delays.
 * A clock whose timers do not keep the process alive and are all cancelled by `stop`.
 */
export function createClock(
  scale: number,
  { skew = 0, dates = 'real' }: { skew?: number; dates?: 'real' | 'scaled' } = {},
): Clock & { stop(): void } {
  const begun = performance.now()
  const origin = Date.now()
  const alarms = new Set<Alarm>()
  let skipped = 0
  let stopped = false

  const elapsed = () => ((performance.now() - begun) / 1000) * scale + skipped

  function arm(alarm: Alarm, worldSeconds: number): void {
    clearTimeout(alarm.timer)
    alarm.timer = setTimeout(ring, Math.min((worldSeconds * 1000) / scale, longest), alarm).unref()
  }

  // Node counts from when its loop last looked at the clock, so a timer of a busy process rings too early.
  function ring(alarm: Alarm): void {
    const left = alarm.due - elapsed()
    if (left > 0) arm(alarm, left)
    else {
      cancel(alarm)
      alarm.task()
    }
  }

  function after(worldSeconds: number, task: () => void): { cancel(): void } {
    if (stopped) return { cancel() {} }
    const alarm: Alarm = { due: elapsed() + worldSeconds, timer: undefined, task }
    alarms.add(alarm)
    arm(alarm, worldSeconds)
    return { cancel: () => cancel(alarm) }
  }

  function cancel(alarm: Alarm): void {
    clearTimeout(alarm.timer)
    alarms.delete(alarm)
  }

  return {
    scale,
    origin,
    now: () => skew + (dates === 'real' ? Date.now() : Math.round(origin + elapsed() * 1000)),
    elapsed,
    after,
    sleep: worldSeconds => new Promise(resolve => after(worldSeconds, resolve)),
    skip(worldSeconds) {
      skipped += worldSeconds
      const inOrder = [...alarms].toSorted((one, other) => one.due - other.due)
      // What rings may cancel what would ring after it.
      for (const alarm of inOrder) if (alarms.has(alarm)) ring(alarm)
    },
    stop() {
      stopped = true
      for (const alarm of alarms) cancel(alarm)
    },
  }
}
