import type { Command } from './command.ts'
import { type Flag, typeNames } from './flags.ts'

/** The usage text of the last command of a path, laid out like cobra's template. */
export function usageOf<Context>(path: readonly Command<Context>[]): string {
  const command = path.at(-1)
  if (!command) return ''
  const name = path.map(({ name }) => name).join(' ')
  const inherited = path.slice(0, -1).flatMap(({ persistent }) => persistent ?? [])
  const own = [...(command.flags ?? []), ...(command.persistent ?? []), helpFlag(command.name)]
  const runnable = `  ${name}${command.operands ? ` ${command.operands}` : ''} [flags]`
  const sections = [
    section('Usage:', [
      ...(command.run ? [runnable] : []),
      ...(command.commands ? [`  ${name} [command]`] : []),
    ]),
    section('Aliases:', command.aliases ? [`  ${[command.name, ...command.aliases].join(', ')}`] : []),
    section('Available Commands:', commandLines(command.commands ?? [])),
    section('Flags:', flagLines(own)),
    section('Global Flags:', flagLines(inherited)),
  ]
  const hint = command.commands
    ? `\nUse "${name} [command] --help" for more information about a command.\n`
    : ''
  return `${sections.filter(Boolean).join('\n')}${hint}`
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${[title, ...lines].join('\n')}\n`
}

function helpFlag(name: string): Flag {
  return { name: 'help', short: 'h', kind: 'flag', usage: `help for ${name}` }
}

function commandLines<Context>(commands: readonly Command<Context>[]): string[] {
  const width = Math.max(0, ...commands.map(({ name }) => name.length)) + 1
  return commands.map(({ name, about }) => `  ${name.padEnd(Math.max(width, 12))}${about}`)
}

function flagLines(flags: readonly Flag[]): string[] {
  const shown = flags.filter(({ deprecated }) => !deprecated).sort((a, b) => a.name.localeCompare(b.name))
  const heads = shown.map(head)
  const width = Math.max(0, ...heads.map(({ length }) => length)) + 3
  return shown.map((flag, index) => `${(heads[index] ?? '').padEnd(width)}${flag.usage}${defaultOf(flag)}`)
}

function head(flag: Flag): string {
  const short = flag.short ? `  -${flag.short}, ` : '      '
  const type = flag.type ?? typeNames[flag.kind]
  return `${short}--${flag.name}${type && ` ${type}`}${flag.bare ? `[=${flag.bare}]` : ''}`
}

function defaultOf({ default: value, kind }: Flag): string {
  if (value === undefined || value === '' || value === '0' || value === 'false') return ''
  if (kind === 'text') return ` (default ${JSON.stringify(value)})`
  return kind === 'list' ? ` (default [${value}])` : ` (default ${value})`
}
