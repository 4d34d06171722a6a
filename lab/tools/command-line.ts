import type { Call, Command, Environment } from './command.ts'
import { type Flag, objection, readFlags } from './flags.ts'
import { usageOf } from './usage.ts'

export type Parsed<Context> =
  | { kind: 'run'; command: Command<Context>; call: Call; notices: string[] }
  | { kind: 'help'; text: string }
  | { kind: 'wrong'; message: string; usage: string }

/** Finds the command that `argv` names and reads its flags, with cobra's complaints in cobra's words. */
export function parseCommandLine<Context>(
  root: Command<Context>,
  argv: readonly string[],
  env: Environment,
): Parsed<Context> {
  const { path, rest } = locate(root, argv)
  const command = path.at(-1) ?? root
  const help = () => ({ kind: 'help', text: `${command.about}\n\n${usageOf(path)}` }) as const
  const scan = scanFlags(flagsOf(path), rest)
  if (scan.help) return help()
  if (scan.error !== undefined) return { kind: 'wrong', message: scan.error, usage: usageOf(path) }
  const name = path.map(({ name }) => name).join(' ')
  const [stray] = scan.args
  if (!command.run) {
    if (stray === undefined) return help()
    const message = `unknown command ${JSON.stringify(stray)} for ${JSON.stringify(name)}`
    return { kind: 'wrong', message, usage: `Run '${name} --help' for usage.\n` }
  }
  const flags = readFlags(flagsOf(path), scan.raw)
  const complaint = command.check?.(scan.args, flags, env)
  if (complaint !== undefined) return { kind: 'wrong', message: complaint, usage: usageOf(path) }
  return { kind: 'run', command, call: { args: scan.args, flags }, notices: scan.notices }
}

/** `check` of a command that takes no positional arguments. */
export function noArguments(path: string): (args: readonly string[]) => string | undefined {
  return ([first]) =>
    first === undefined ? undefined : `unknown command ${JSON.stringify(first)} for ${JSON.stringify(path)}`
}

/** All flags that the last command of a path accepts, its own first. */
function flagsOf<Context>(path: readonly Command<Context>[]): Flag[] {
  const own = path.at(-1)?.flags ?? []
  return [...own, ...path.flatMap(command => command.persistent ?? [])]
}

function locate<Context>(root: Command<Context>, argv: readonly string[]) {
  const path = [root]
  const rest: string[] = []
  let descending = true
  let valueFollows = false
  for (const word of argv) {
    const next = !descending || valueFollows || word.startsWith('-') ? undefined : childNamed(path, word)
    if (next) {
      path.push(next)
      continue
    }
    if (!valueFollows && !word.startsWith('-')) descending = false
    valueFollows = !valueFollows && takesNextWord(path, word)
    rest.push(word)
  }
  return { path, rest }
}

function childNamed<Context>(path: readonly Command<Context>[], word: string): Command<Context> | undefined {
  return path.at(-1)?.commands?.find(({ name, aliases }) => name === word || aliases?.includes(word))
}

function takesNextWord<Context>(path: readonly Command<Context>[], word: string): boolean {
  if (!word.startsWith('-') || word.includes('=')) return false
  const flag = flagsOf(path).find(({ name, short }) => word === `--${name}` || word === `-${short}`)
  return flag !== undefined && flag.kind !== 'flag' && flag.bare === undefined
}

type Scan = { args: string[]; raw: Map<string, string[]>; notices: string[]; help: boolean; error?: string }

function scanFlags(known: readonly Flag[], words: readonly string[]): Scan {
  const scan: Scan = { args: [], raw: new Map(), notices: [], help: false }
  const queue = [...words]
  while (queue.length > 0 && scan.error === undefined && !scan.help) {
    const word = queue.shift() ?? ''
    if (word === '--') scan.args.push(...queue.splice(0))
    else if (word === '--help' || word === '-h') scan.help = true
    else if (word.startsWith('--')) takeLong(scan, known, word, queue)
    else if (word.startsWith('-') && word !== '-') takeShort(scan, known, word, queue)
    else scan.args.push(word)
  }
  return scan
}

function takeLong(scan: Scan, known: readonly Flag[], word: string, queue: string[]): void {
  const [, name = '', attached] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? []
  if (name === '') {
    scan.error = `bad flag syntax: ${word}`
    return
  }
  const flag = known.find(flag => flag.name === name)
  if (!flag) scan.error = `unknown flag: --${name}`
  else take(scan, flag, attached ?? bareValue(flag) ?? queue.shift(), `flag needs an argument: --${name}`)
}

function takeShort(scan: Scan, known: readonly Flag[], word: string, queue: string[]): void {
  const letter = word.charAt(1)
  const flag = known.find(flag => flag.short === letter)
  if (!flag) {
    scan.error = `unknown shorthand flag: '${letter}' in ${word}`
    return
  }
  const rest = word.slice(2)
  const bare = bareValue(flag)
  const needs = `flag needs an argument: '${letter}' in ${word}`
  const attached = rest.startsWith('=') ? rest.slice(1) : (bare ?? (rest || undefined))
  take(scan, flag, attached ?? queue.shift(), needs)
  const more = rest !== '' && !rest.startsWith('=') && bare !== undefined
  if (more && scan.error === undefined) takeShort(scan, known, `-${rest}`, queue)
}

function bareValue(flag: Flag): string | undefined {
  return flag.bare ?? (flag.kind === 'flag' ? 'true' : undefined)
}

function take(scan: Scan, flag: Flag, value: string | undefined, needs: string): void {
  const error = value === undefined ? needs : objection(flag, value)
  if (error !== undefined) scan.error = error
  if (value === undefined || error !== undefined) return
  if (flag.deprecated) scan.notices.push(`Flag --${flag.name} has been deprecated, ${flag.deprecated}`)
  scan.raw.set(flag.name, [...(scan.raw.get(flag.name) ?? []), value])
}
