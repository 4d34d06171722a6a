/** Time in the world: delays are given in world seconds and pass `scale` times faster than real ones. */
export type Clock = {
  scale: number
  /** Real milliseconds since the epoch, as the world's clocks show them: this machine's may be behind. */
  now(): number
  /** World seconds since the world began. */
  elapsed(): number
  after(worldSeconds: number, task: () => void): { cancel(): void }
  /** Never settles once the world has closed. */
  sleep(worldSeconds: number): Promise<void>
}

/** Milliseconds that a timer can hold. */
const longest = 2 ** 31 - 1

/** `skew` is in milliseconds. A clock whose timers do not keep the process alive and are all cancelled by `stop`. */
export function createClock(scale: number, skew = 0): Clock & { stop(): void } {
  const begun = performance.now()
  const timers = new Set<NodeJS.Timeout>()
  let stopped = false

  const elapsed = () => ((performance.now() - begun) / 1000) * scale

  function after(worldSeconds: number, task: () => void): { cancel(): void } {
    if (stopped) return { cancel() {} }
    const due = elapsed() + worldSeconds
    let timer = arm(worldSeconds)

    function arm(seconds: number): NodeJS.Timeout {
      const armed = setTimeout(ring, Math.min((seconds * 1000) / scale, longest)).unref()
      timers.add(armed)
      return armed
    }
    // Node counts from when its loop last looked at the clock, so a timer of a busy process rings too early.
    function ring(): void {
      timers.delete(timer)
      const left = due - elapsed()
      if (left > 0) timer = arm(left)
      else task()
    }
    return {
      cancel() {
        clearTimeout(timer)
        timers.delete(timer)
      },
    }
  }

  return {
    scale,
    now: () => Date.now() + skew,
    elapsed,
    after,
    sleep: worldSeconds => new Promise(resolve => after(worldSeconds, resolve)),
    stop() {
      stopped = true
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
