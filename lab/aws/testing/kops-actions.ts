import { readFileSync } from 'node:fs'

/** IAM actions by phase of kops, or by machine. */
type Actions = Record<string, string[]>

/** What kops asks of AWS: as the real one was seen to, as its source says, as others imply; and what its machines ask. */
export const kopsActions: Record<'seen' | 'fromSource' | 'implied' | 'machines', Actions> = JSON.parse(
  readFileSync(new URL('kops-actions.json', import.meta.url), 'utf8'),
)
