import * as core from '@actions/core'

/** What an action prints. Text from tools and servers may pass through it: no line can become a workflow command. */
export type Log = {
  info(text: string): void
  warning(text: string): void
  debug(text: string): void
  group<T>(title: string, work: () => Promise<T>): Promise<T>
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with one
const colour = /\u001b\[[0-9;]*[A-Za-z]/g
/** `::` after what has no width at most: the runner trims spaces and compares as a culture does. */
const newForm = /^[\s\p{C}\p{Default_Ignorable_Code_Point}]*:[\p{C}\p{Default_Ignorable_Code_Point}]*:/u
/** `##[` anywhere. */
const oldForm = /#[\p{C}\p{Default_Ignorable_Code_Point}]*#[\p{C}\p{Default_Ignorable_Code_Point}]*\[/gu

/**
 * Text in which the runner finds no workflow command in either form (actions/runner, ActionCommand.cs): a bar stands before
 * a line that starts with `::`, and a backslash in `##[` as the runner itself does it. Terminal colours are dropped.
 */
export function defuse(text: string): string {
  return text
    .replace(colour, '')
    .split(/(\r\n|\n|\r)/)
    .map(line => line.replace(oldForm, '$&\\').replace(newForm, '| $&'))
    .join('')
}

export const log: Log = {
  info: text => core.info(defuse(text)),
  warning: text => core.warning(text),
  debug: text => core.debug(text),
  group: (title, work) => core.group(defuse(title), work),
}
