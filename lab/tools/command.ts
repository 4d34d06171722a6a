import type { Flag, Flags } from './flags.ts'

export type Environment = Readonly<Record<string, string | undefined>>
/** The arguments of a command that was called, and its flags. */
export type Call = { args: string[]; flags: Flags }

/** A command of a tool, in the way cobra arranges them. */
export type Command<Context> = {
  name: string
  aliases?: readonly string[]
  /** What follows the path in the usage line: `[CLUSTER]`. */
  operands?: string
  about: string
  flags?: readonly Flag[]
  /** Flags that every command below has too. */
  persistent?: readonly Flag[]
  commands?: readonly Command<Context>[]
  /** Complains about the positional arguments. */
  check?: (args: readonly string[], flags: Flags, env: Environment) => string | undefined
  run?: (call: Call, context: Context) => Promise<void>
}
