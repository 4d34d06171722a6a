/** What kops says that it would do, each as `modify AutoscalingGroup/nodes.usa.example.com`. */
export type Pending = readonly string[]

const nothing = 'No changes need to be applied'
const something = 'Must specify --yes to apply changes'

/** Reads what `kops update cluster` prints without `--yes`; undefined for what is no preview. */
export function parsePreview(stdout: string): Pending | undefined {
  if (stdout.includes(nothing)) return []
  if (!stdout.includes(something)) return undefined
  const found: string[] = []
  let verb = 'change'
  for (const line of stdout.split('\n')) {
    verb = /^Will (\w+) /.exec(line)?.[1] ?? verb
    const item = /^ {2}(\S.*)$/.exec(line)?.[1]
    if (item !== undefined) found.push(`${verb} ${item.trim()}`)
  }
  return found.length > 0 ? found : ['changes that it does not name']
}
