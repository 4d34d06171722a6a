/** Adds to a list that keeps about the latest `most`: what is dropped goes a tenth at a time, so that it costs little. */
export function keepLatest<T>(list: T[], item: T, most: number): void {
  if (list.length >= most) list.splice(0, Math.ceil(most / 10))
  list.push(item)
}
