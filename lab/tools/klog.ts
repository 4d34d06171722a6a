const pad = (value: number, width: number) => String(value).padStart(width, '0')

/** A line as klog writes it: severity and date, time, process id, source, message. Local time, like klog. */
export function klogLine(
  severity: 'I' | 'W' | 'E' | 'F',
  source: string,
  message: string,
  now = new Date(),
): string {
  const date = `${pad(now.getMonth() + 1, 2)}${pad(now.getDate(), 2)}`
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(part => pad(part, 2)).join(':')
  const micros = `${pad(now.getMilliseconds(), 3)}000`
  return `${severity}${date} ${time}.${micros} ${String(process.pid).padStart(7)} ${source}] ${message}\n`
}
