/** Settles when the signal aborts, and keeps the process alive until then. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const alive = setInterval(() => {}, 60_000)
  await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
  clearInterval(alive)
}
