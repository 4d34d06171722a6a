/** klog's own lines (`I1123 07:58:20.745724 6422 file.go:143] …`) are progress, not what went wrong. */
const klog = /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ \S+\]/

/** The one line that says why a tool failed: the last that starts with `Error: `, else the last that says anything. */
export function headlineOf(stderr: string, stdout = ''): string {
  const lines = (text: string) =>
    text
      .split(/\r?\n/)
      .map(line => line.trim())
      .filter(line => line !== '')
  const errors = lines(stderr)
  const own = errors.findLast(line => /^error: /i.test(line))
  const words = errors.findLast(line => !klog.test(line)) ?? errors.at(-1) ?? lines(stdout).at(-1) ?? ''
  return (own ?? words).replace(/^error: /i, '')
}
