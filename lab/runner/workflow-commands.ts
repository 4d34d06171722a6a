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

const commandLine = /^\s*::([a-zA-Z-]+)(?:\s+([^:]*(?:%3A[^:]*)*))?::(.*)$/s
const removedCommands = new Set(['set-env', 'add-path', 'set-output', 'save-state'])

/** Reads one line of output; undefined when it is plain text. */
export function parseWorkflowCommand(line: string): WorkflowCommand | undefined {
  const [, name, properties, data] = commandLine.exec(line) ?? []
  if (name === undefined || data === undefined) return undefined
  return { name: name.toLowerCase(), properties: parseProperties(properties ?? ''), data: unescapeData(data) }
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
      if (line.trim() === `::${resume}::`) resume = undefined
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

function parseProperties(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap(part => {
    const at = part.indexOf('=')
    return at > 0 ? [[part.slice(0, at).trim(), unescapeProperty(part.slice(at + 1))] as const] : []
  })
  return Object.fromEntries(pairs)
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','))
}
