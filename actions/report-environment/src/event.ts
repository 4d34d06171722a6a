import { readFile } from 'node:fs/promises'
import { type Environment, messageOf, UserError } from '@meridian/runner'
import * as z from 'zod/mini'

/** What the run was started for, as far as this action needs to know. */
export type Event = {
  readonly name: string
  readonly action: string
  readonly number: number | undefined
  /** The head that the event was for. */
  readonly head: string | undefined
  /** The label that was put or taken away. */
  readonly label: string | undefined
  readonly comment: Command | undefined
  readonly isRerun: boolean
}

export type Command = {
  readonly id: number
  readonly body: string
  readonly author: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

const payload = z.object({
  action: z.optional(z.string()),
  pull_request: z.optional(z.object({ number: z.number(), head: z.object({ sha: z.string() }) })),
  label: z.optional(z.object({ name: z.string() })),
  issue: z.optional(z.object({ number: z.number(), pull_request: z.optional(z.unknown()) })),
  comment: z.optional(
    z.object({
      id: z.number(),
      body: z.nullable(z.string()),
      created_at: z.string(),
      user: z.nullable(z.object({ login: z.string() })),
    }),
  ),
})

/** Reads the event from the file that GitHub's runner has written. Throws a UserError if it is of no form that is known. */
export async function readEvent(env: Environment): Promise<Event> {
  const raw = await readFile(env.GITHUB_EVENT_PATH ?? '', 'utf8').catch((error: unknown) => {
    throw new UserError(`the event of this run cannot be read: ${messageOf(error)}`, {
      fix: 'Run this action in a workflow of GitHub, or set GITHUB_EVENT_PATH.',
    })
  })
  return toEvent(env, JSON.parse(raw))
}

/** Pure. */
function toEvent(env: Environment, document: unknown): Event {
  const name = env.GITHUB_EVENT_NAME ?? ''
  const parsed = payload.safeParse(document)
  if (!parsed.success)
    throw new UserError(`the event ${name} of this run has another form than GitHub documents`, {
      fix: 'Start the workflow by pull_request, issue_comment, schedule or workflow_dispatch.',
    })
  const { pull_request, issue, comment, label, action = '' } = parsed.data
  const ofPull = issue?.pull_request === undefined ? undefined : issue.number
  return {
    name,
    action,
    number: pull_request?.number ?? ofPull,
    head: pull_request?.head.sha,
    label: label?.name,
    comment: comment && {
      id: comment.id,
      body: comment.body ?? '',
      author: comment.user?.login ?? '',
      at: Date.parse(comment.created_at),
    },
    isRerun: Number(env.GITHUB_RUN_ATTEMPT ?? '1') > 1,
  }
}
