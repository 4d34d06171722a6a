/** GitHub drops a larger summary whole (actions/runner, FileCommandManager.cs). */
const mostBytes = 1024 * 1024
/** For the end that a cut summary gets. */
const reservedBytes = 1_000

/**
 * A summary cut to what GitHub takes, at the end of a line and with every block closed, so that its first parts stay as they
 * are; undefined where it fits. Pure.
 */
export function cutSummary(markdown: string, most = mostBytes): string | undefined {
  const bytes = Buffer.byteLength(markdown)
  if (bytes <= most) return undefined
  const kept: string[] = []
  let left = most - reservedBytes
  for (const line of markdown.split('\n')) {
    left -= Buffer.byteLength(line) + 1
    if (left < 0) break
    kept.push(line)
  }
  const size = (bytes / 1024 / 1024).toFixed(1)
  const note = `**Cut here:** GitHub takes 1 MiB of a summary, and this one has ${size} MiB. The whole is in the log of the step.`
  return [...kept, ...closeBlocks(kept), '', note, ''].join('\n')
}

/** The lines that end what is open: a fenced block, then folded parts. */
function closeBlocks(lines: readonly string[]): string[] {
  let fence: string | undefined
  let folded = 0
  for (const line of lines) {
    const ticks = /^`{3,}/.exec(line)?.[0]
    if (fence === undefined) {
      if (ticks) fence = ticks
      folded += Number(line.startsWith('<details>')) - Number(line.startsWith('</details>'))
    } else if (ticks !== undefined && line === ticks && ticks.length >= fence.length) fence = undefined
  }
  return [...(fence === undefined ? [] : [fence]), ...Array.from({ length: folded }, () => '\n</details>')]
}
