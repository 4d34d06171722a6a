import type { Clock } from './clock.ts'

/** Real seconds. */
const shortestPause = 0.01
const pausesPerLook = 4

/**
 * Looks again and again until something is found. However fast the world's clock runs, looking takes a fifth of the time at most: what
 * is waited for needs the processor, too. Never settles once the world has closed.
 */
export async function until<T>(
  clock: Pick<Clock, 'scale' | 'sleep'>,
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  for (;;) {
    const begun = performance.now()
    const found = await look()
    if (found !== undefined) return found
    const took = (performance.now() - begun) / 1000
    await clock.sleep(Math.max(shortestPause, pausesPerLook * took) * clock.scale)
  }
}
