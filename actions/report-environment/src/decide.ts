import { formatDuration, parseDuration } from '@meridian/runner'
import type { Command, Event } from './event.ts'
import type { Inputs } from './inputs.ts'
import { type Marker, stands } from './marker.ts'
import type { PullRequest } from './read-github.ts'

export type Facts = {
  readonly event: Event
  /** As GitHub has it now. */
  readonly pull: PullRequest
  /** What was said of the environment last. */
  readonly known: Pick<Marker, 'state' | 'commit' | 'wanted'> | undefined
  readonly options: Pick<Inputs, 'label' | 'drafts' | 'dependabot' | 'commands' | 'ttl' | 'maxTtl'>
  /** Of whoever wrote the command. */
  readonly permission?: string | undefined
  /** When the head was pushed, in milliseconds since the epoch; null if GitHub does not know. */
  readonly pushedAt?: number | null | undefined
}

export type Decision = {
  readonly action: 'up' | 'down' | 'none' | 'refused'
  /** Completes "…, since …". */
  readonly reason: string
  readonly ttl: number
  readonly wanted: 'up' | 'down' | undefined
}

const dependabot = 'dependabot[bot]'
const forkAdvice =
  'it comes from a fork, whose runs get no credentials. A maintainer who has read the change can push its branch to this repository and open a pull request from there'

/**
 * What is to be done for a pull request. It goes by how the pull request stands now, and not by what has happened: runs may be
 * late, may have been replaced by others, or may never have come. Pure.
 */
export function decide(facts: Facts): Decision {
  const { event, pull, known, options } = facts
  const answer = (action: Decision['action'], reason: string, more: Partial<Decision> = {}): Decision => ({
    ...{ action, reason, ttl: options.ttl, wanted: known?.wanted },
    ...more,
  })
  const end = (reason: string, more: Partial<Decision> = {}): Decision =>
    stands(known?.state)
      ? answer('down', reason, more)
      : answer('none', `${reason}, and has no environment`, more)
  if (event.comment !== undefined) return decideCommand(facts, event.comment, answer)
  if (pull.state === 'closed' && !pull.isFork) return end('the pull request is closed', { wanted: undefined })
  if (pull.isFork) return answer('refused', forkAdvice)
  const wish = wishOf(facts)
  if (!wish.isWanted) return end(wish.reason, { wanted: wish.wanted })
  if (event.head !== undefined && event.head !== pull.head)
    return answer(
      'none',
      `this run is for ${short(event.head)}, but the head is ${short(pull.head)} by now, which has a run of its own`,
    )
  if (known?.state === 'ready' && known.commit === pull.head && !event.isRerun && isIdle(event))
    return answer('none', 'the environment is up to date', { wanted: wish.wanted })
  return answer('up', wish.reason, { wanted: wish.wanted })
}

/** Events after which nothing is new for an environment that is up to date. */
function isIdle({ name, action }: Event): boolean {
  return name === 'pull_request' && action !== 'synchronize'
}

type Wish = {
  readonly isWanted: boolean
  readonly reason: string
  readonly wanted: 'up' | 'down' | undefined
}

function wishOf({ event, pull, known, options }: Facts): Wish {
  const { label } = options
  const asked = asksAnew(event, label) ? undefined : known?.wanted
  const no = (reason: string): Wish => ({ isWanted: false, reason, wanted: asked })
  const yes = (reason: string): Wish => ({ isWanted: true, reason, wanted: asked })
  if (asked === 'down') return no('somebody has taken it down by /down: comment /up to have it back')
  if (asked === 'up') return yes('somebody has asked for it by /up')
  const isLabelled = label !== undefined && pull.labels.includes(label)
  if (label !== undefined && !isLabelled) return no(`the pull request does not have the label ${label}`)
  if (pull.isDraft && !options.drafts) return no('the pull request is a draft')
  if (pull.author === dependabot && !options.dependabot && !isLabelled)
    return no("it is Dependabot's: comment /up to have an environment all the same")
  return yes(isLabelled ? `it has the label ${label}` : 'the pull request is open')
}

/** What people say by the pull request itself counts more than an earlier comment. */
function asksAnew({ action, label }: Event, wanted: string | undefined): boolean {
  if (action === 'labeled' || action === 'unlabeled') return label !== undefined && label === wanted
  return ['closed', 'reopened', 'converted_to_draft', 'ready_for_review'].includes(action)
}

type Answer = (action: Decision['action'], reason: string, more?: Partial<Decision>) => Decision

/** What a comment asks for, if the one who wrote it may, and has seen what would run. */
function decideCommand(facts: Facts, command: Command, answer: Answer): Decision {
  const { event, pull, known, options, permission, pushedAt } = facts
  const asked = readCommand(command.body)
  if (asked === undefined) return answer('none', 'the comment is no command')
  const refuse = (reason: string) => answer('refused', `/${asked.word}: ${reason}`)
  if (!options.commands) return answer('none', 'commands are switched off')
  if (event.action !== 'created') return refuse('a comment that was edited is no command: write a new one')
  if (permission !== 'admin' && permission !== 'write')
    return refuse('only people who may write to the repository can say it')
  if (pull.isFork) return refuse(forkAdvice)
  if (asked.word === 'down') {
    return stands(known?.state)
      ? answer('down', `${command.author} has asked for it`, { wanted: 'down' })
      : answer('none', 'there is no environment')
  }
  if (pull.state === 'closed') return refuse('the pull request is closed')
  if (pushedAt === null || pushedAt === undefined)
    return refuse('GitHub does not tell when the head was pushed, so nobody can know whether it was seen')
  if (pushedAt >= command.at)
    return refuse(
      `the head ${short(pull.head)} was pushed after the comment. If you have read it, say it again`,
    )
  if (asked.word === 'up') return answer('up', `${command.author} has asked for it`, { wanted: 'up' })
  if (!stands(known?.state)) return refuse('there is no environment: say /up')
  if (asked.duration === undefined) return refuse('say for how long, as in /extend 4h')
  if (asked.duration > options.maxTtl) return refuse(`at most ${formatDuration(options.maxTtl)}`)
  // A claim of which more than half of its time is left is not written anew: what is asked for is the least.
  return answer('up', `${command.author} has put its end off`, { ttl: 2 * asked.duration })
}

type Asked = { readonly word: 'up' | 'down' | 'extend'; readonly duration?: number | undefined }

/** The command that a comment's first line is; undefined if it is none. Exported for its tests. */
export function readCommand(body: string): Asked | undefined {
  const [line = ''] = body.split(/\r?\n/)
  const [, word, rest] = /^\/(up|down|extend)(?:\s+(\S{1,20}))?\s*$/.exec(line) ?? []
  if (word === 'up' || word === 'down') return rest === undefined ? { word } : undefined
  return word === 'extend' ? { word, duration: durationOf(rest) } : undefined
}

function durationOf(text: string | undefined): number | undefined {
  try {
    return text === undefined ? undefined : parseDuration(text)
  } catch {
    return undefined
  }
}

const short = (commit: string) => commit.slice(0, 7)
