/** Prints a figure beside the most that it may be. */
export function verdict(what: string, figure: number, most: number, unit = 'x'): void {
  const says = figure <= most ? 'met' : 'missed'
  console.log(
    `  ${what.padEnd(64)}${`${figure.toFixed(2)} ${unit}`.padStart(12)}  target ${most} ${unit}: ${says}`,
  )
}
