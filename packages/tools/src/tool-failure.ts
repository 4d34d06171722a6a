/** A tool that did not do what it was asked. It is never judged by whether its stderr is empty. */
export class ToolFailure extends Error {
  /** The command as one could paste it into a shell. */
  readonly command: string
  /** Undefined if a signal ended it, or if it could not be started. */
  readonly exitCode: number | undefined
  readonly signal: string | undefined
  readonly timedOut: boolean
  readonly cancelled: boolean
  readonly seconds: number
  /** The line that says why. */
  readonly headline: string
  readonly stdout: string
  readonly stderr: string

  constructor(facts: {
    tool: string
    command: string
    exitCode: number | undefined
    signal: string | undefined
    timedOut: boolean
    cancelled: boolean
    seconds: number
    headline: string
    stdout: string
    stderr: string
    cause?: unknown
  }) {
    super(`${facts.tool} ${ending(facts)}${facts.headline === '' ? '' : `: ${facts.headline}`}`, {
      cause: facts.cause,
    })
    this.name = 'ToolFailure'
    this.command = facts.command
    this.exitCode = facts.exitCode
    this.signal = facts.signal
    this.timedOut = facts.timedOut
    this.cancelled = facts.cancelled
    this.seconds = facts.seconds
    this.headline = facts.headline
    this.stdout = facts.stdout
    this.stderr = facts.stderr
  }
}

function ending(facts: {
  exitCode: number | undefined
  signal: string | undefined
  timedOut: boolean
  cancelled: boolean
}): string {
  if (facts.cancelled) return 'was stopped'
  if (facts.timedOut) return 'took too long'
  if (facts.signal !== undefined) return `was ended by ${facts.signal}`
  return facts.exitCode === undefined ? 'could not be started' : `failed with exit code ${facts.exitCode}`
}
