import * as core from '@actions/core'

/** What an action prints. Text from tools and servers may pass through it: no line can become a workflow command. */
export type Log = {
  info(text: string): void
  warning(text: string): void
  debug(text: string): void
  group<T>(title: string, work: () => Promise<T>): Promise<T>
}

/** Puts a bar before each line that the runner would take for a command (`::…`, `##[…`), and drops terminal colours. */
export function defuse(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with one
  return text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').replace(/^(?=\s*(::|##\[))/gm, '| ')
}

export const log: Log = {
  info: text => core.info(defuse(text)),
  warning: text => core.warning(text),
  debug: text => core.debug(text),
  group: (title, work) => core.group(defuse(title), work),
}
