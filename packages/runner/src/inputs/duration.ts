const unitMilliseconds: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000 }

/** Milliseconds of a duration such as `30m`, `1h30m` or `45s`; throws when it is anything else or zero. */
export function parseDuration(raw: string): number {
  if (!/^(\d{1,6}[hms])+$/.test(raw)) throw new Error("must be a duration such as '45s', '30m' or '1h30m'")
  const parts = raw.match(/\d+[hms]/g) ?? []
  const total = parts.reduce(
    (sum, part) => sum + Number.parseInt(part, 10) * (unitMilliseconds[part.slice(-1)] ?? 0),
    0,
  )
  if (total === 0) throw new Error('must be longer than zero')
  return total
}

/** A duration as people say it: `45s`, `12m`, `1h 5m`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 60) return `${seconds}s`
  if (seconds < 600 && seconds % 60 !== 0) return `${Math.floor(seconds / 60)}m ${seconds % 60}s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes}m`
  const hours = `${Math.floor(minutes / 60)}h`
  return minutes % 60 === 0 ? hours : `${hours} ${minutes % 60}m`
}
