import { decided, type Job, markdown } from '@meridian/runner'
import { insist, isForbidden, type Octokit, type Repo } from './connect.ts'
import { type Decision, decide, readCommand } from './decide.ts'
import type { Event } from './event.ts'
import type { Inputs } from './inputs.ts'
import type { Marker } from './marker.ts'
import { type PullRequest, readComments, readPermission, readPull, readPushTime } from './read-github.ts'

export type Asked = {
  readonly repo: Repo
  readonly number: number
  readonly root: string
  readonly environment: string
}

/** Asks GitHub how the pull request stands now, and says by outputs what is to be done. Writes nothing but a reaction. */
export async function look(
  job: Job,
  octokit: Octokit,
  inputs: Inputs,
  event: Event,
  asked: Asked,
): Promise<void> {
  const { repo, number } = asked
  const { pull, known, decision } = await insist(job, `looking at #${number}`, async () => {
    const pull = await readPull(octokit, repo, number)
    const [comment] = await readComments(octokit, repo, { ...asked, author: inputs.commentAuthor })
    const facts = { event, pull, known: comment?.marker, options: inputs }
    const decision = decided(
      `#${number}`,
      decide({ ...facts, ...(await askAbout(octokit, repo, event, pull)) }),
      ({ action, reason }) => `${action}, since ${reason}`,
    )
    return { pull, known: comment?.marker, decision }
  })
  tell(job, asked, { pull, known, decision, event })
  if (event.comment !== undefined && !inputs.dryRun)
    await react(job, octokit, repo, event.comment.id, decision)
}

/** What only a command needs to know: who said it, and whether the one who did could see what would run. */
async function askAbout(octokit: Octokit, repo: Repo, { comment }: Event, pull: PullRequest) {
  if (comment === undefined || readCommand(comment.body) === undefined) return {}
  const permission = await readPermission(octokit, repo, comment.author)
  const mayWrite = permission === 'admin' || permission === 'write'
  return {
    permission,
    pushedAt: mayWrite && !pull.isFork ? await readPushTime(octokit, repo, pull) : undefined,
  }
}

function tell(
  job: Job,
  { number, environment }: Asked,
  seen: { pull: PullRequest; known: Marker | undefined; decision: Decision; event: Event },
): void {
  const { pull, known, decision, event } = seen
  const { action, reason, ttl, wanted } = decision
  const isHead = event.head === undefined || event.head === pull.head
  const outputs = { action, reason, 'is-head': isHead, commit: pull.head, state: known?.state ?? '' }
  for (const [name, value] of Object.entries(outputs)) job.output(name, value)
  job.output('ttl', `${Math.round(ttl / 1000)}s`)
  job.output('wanted', wanted ?? '')
  job.log.info(`#${number}, ${environment}: ${words[action]}, since ${reason}.`)
  job.summary(
    markdown.report({
      outcome: outcomes[action],
      title: `#${number}, ${markdown.code(environment)}: ${words[action]}`,
      line: `It is so since ${markdown.escapeText(reason)}.`,
    }),
  )
  if (action === 'refused') job.log.warning(`#${number} gets no environment: ${reason}.`)
}

const outcomes: Record<Decision['action'], markdown.Outcome> = {
  up: 'changes',
  down: 'changes',
  none: 'same',
  refused: 'attention',
}

const words: Record<Decision['action'], string> = {
  up: 'it is to be made, or brought up to date',
  down: 'it is to be removed',
  none: 'there is nothing to do',
  refused: 'it is refused',
}

/** A thumb under the comment. It is a courtesy: what is in its way is only noted. */
async function react(
  job: Job,
  octokit: Octokit,
  repo: Repo,
  id: number,
  { action, reason }: Decision,
): Promise<void> {
  if (reason === 'the comment is no command') return
  const content = action === 'refused' ? 'confused' : '+1'
  await octokit.rest.reactions
    .createForIssueComment({ ...repo, comment_id: id, content })
    .catch((error: unknown) => {
      job.signal.throwIfAborted()
      job.log.debug(`No reaction was written${isForbidden(error) ? ', which the token may not' : ''}.`)
    })
}
