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

/** `skew` is in milliseconds. A clock whose timers do not keep the process alive and are all cancelled by `stop`. */
export function createClock(scale: number, skew = 0): Clock & { stop(): void } {
  const begun = performance.now()
  const timers = new Set<NodeJS.Timeout>()
  let stopped = false

  function after(worldSeconds: number, task: () => void): { cancel(): void } {
    if (stopped) return { cancel() {} }
    const timer = setTimeout(
      () => {
        timers.delete(timer)
        task()
      },
      (worldSeconds * 1000) / scale,
    )
    timer.unref()
    timers.add(timer)
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
    elapsed: () => ((performance.now() - begun) / 1000) * scale,
    after,
    sleep: worldSeconds => new Promise(resolve => after(worldSeconds, resolve)),
    stop() {
      stopped = true
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
