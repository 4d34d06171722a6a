/** A failure that the reader can mend: the message says what is wrong, `fix` what to do about it. */
export class UserError extends Error {
  readonly fix: string
  readonly input: string | undefined

  constructor(message: string, options: { fix: string; input?: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'UserError'
    this.fix = options.fix
    this.input = options.input
  }
}

/** A wait that ended without what it waited for. */
export class TimeoutError extends UserError {
  override readonly name = 'TimeoutError'
}

/** The run was cut short by a signal; `signal` is the one that arrived first. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError'
  readonly signal: NodeJS.Signals

  constructor(signal: NodeJS.Signals) {
    super(`cancelled by ${signal}`)
    this.signal = signal
  }
}

/** The one-line text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** An error and what caused it, the outermost first; eight at most. */
export function causesOf(error: unknown): Error[] {
  const chain: Error[] = []
  for (let at = error; at instanceof Error && chain.length < 8; at = at.cause) chain.push(at)
  return chain
}

/** The stack of an error and of every cause below it, for the folded part of the log. */
export function depthOf(error: unknown): string {
  const stacks = causesOf(error).map(({ stack, name, message }) => stack ?? `${name}: ${message}`)
  return stacks.length > 0 ? stacks.join('\ncaused by: ') : String(error)
}
