/** One `::name key=value::data` line as the runner understands it. */
export type WorkflowCommand = { name: string; properties: Record<string, string>; data: string }

export type Annotation = {
  level: 'error' | 'warning' | 'notice'
  message: string
  title?: string
  file?: string
  line?: number
}

export type CommandSink = {
  mask(value: string): void
  annotate(annotation: Annotation): void
}

/** Of what GitHub has switched off, the use is an error. */
const removedCommands = new Set(['set-env', 'add-path', 'set-output', 'save-state'])
/** The runner's own; it takes anything else for plain text. */
const commands = new Set([
  ...removedCommands,
  ...'add-mask add-matcher remove-matcher error warning notice debug group endgroup echo stop-commands'.split(
    ' ',
  ),
])
/** The runner compares as a culture does: what has no width is not seen. */
const unseen = /\p{Default_Ignorable_Code_Point}|(?!\s|\u0085)\p{Cc}/gu

/**
 * Reads one line of output in both forms of the runner; undefined when it is plain text. `::name key=value,…::data`
 * stands at the start of a line, after white space at most; `##[name key=value;…]data` anywhere, where it is the first
 * of its kind in the line (actions/runner, ActionCommand.cs).
 */
export function parseWorkflowCommand(line: string, also: string[] = []): WorkflowCommand | undefined {
  const seen = line.replace(unseen, '')
  const known = (name: string) => commands.has(name.toLowerCase()) || also.includes(name)
  return parseNew(seen.replace(/^[\s\u0085]+/, ''), known) ?? parseOld(seen, known)
}

type IsKnown = (name: string) => boolean

function parseNew(line: string, known: IsKnown): WorkflowCommand | undefined {
  const end = line.startsWith('::') ? line.indexOf('::', 2) : -1
  if (end < 0) return undefined
  const { name, rest } = splitHead(line.slice(2, end))
  if (!known(name)) return undefined
  const properties = parseProperties(rest, ',', unescapeProperty)
  return { name: name.toLowerCase(), properties, data: unescapeData(line.slice(end + 2)) }
}

function parseOld(line: string, known: IsKnown): WorkflowCommand | undefined {
  const start = line.indexOf('##[')
  const end = start < 0 ? -1 : line.indexOf(']', start)
  if (end < 0) return undefined
  const { name, rest } = splitHead(line.slice(start + 3, end))
  if (!known(name)) return undefined
  const properties = parseProperties(rest, ';', unescapeOld)
  return { name: name.toLowerCase(), properties, data: unescapeOld(line.slice(end + 1)) }
}

function splitHead(head: string): { name: string; rest: string } {
  const space = head.indexOf(' ')
  return space < 0 ? { name: head, rest: '' } : { name: head.slice(0, space), rest: head.slice(space + 1) }
}

/**
 * Follows a step's output line by line and hands masks and annotations to the sink.
 * Commands between `::stop-commands::TOKEN` and `::TOKEN::` are plain text, so that a tool's output cannot
 * speak to the runner. The commands that GitHub has switched off are errors here too.
 */
export function createCommandReader(sink: CommandSink): (line: string) => WorkflowCommand | undefined {
  let resume: string | undefined
  return line => {
    if (resume !== undefined) {
      if (parseWorkflowCommand(line, [resume])?.name === resume.toLowerCase()) resume = undefined
      return undefined
    }
    const command = parseWorkflowCommand(line)
    if (command?.name === 'stop-commands') resume = command.data
    else if (command) obey(command, sink)
    return command
  }
}

function obey(command: WorkflowCommand, sink: CommandSink): void {
  const { name, data, properties } = command
  if (name === 'add-mask') sink.mask(data)
  if (name === 'error' || name === 'warning' || name === 'notice')
    sink.annotate(annotation(name, data, properties))
  if (removedCommands.has(name)) {
    sink.annotate({
      level: 'error',
      message: `The \`${name}\` command is disabled. Write to the environment files instead.`,
    })
  }
  if (name === 'add-matcher' || name === 'remove-matcher') {
    sink.annotate({
      level: 'warning',
      message: `Problem matchers are not supported here: ::${name}::${data}`,
    })
  }
}

function annotation(
  level: Annotation['level'],
  message: string,
  properties: Record<string, string>,
): Annotation {
  const { title, file, line } = properties
  return {
    level,
    message,
    ...(title && { title }),
    ...(file && { file }),
    ...(line && { line: Number(line) }),
  }
}

function parseProperties(
  text: string,
  separator: string,
  decode: (text: string) => string,
): Record<string, string> {
  const pairs = text.split(separator).flatMap(part => {
    const at = part.indexOf('=')
    return at > 0 ? [[part.slice(0, at).trim(), decode(part.slice(at + 1))] as const] : []
  })
  return Object.fromEntries(pairs)
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','))
}

function unescapeOld(text: string): string {
  return text
    .replaceAll('%3B', ';')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%5D', ']')
    .replaceAll('%25', '%')
}
