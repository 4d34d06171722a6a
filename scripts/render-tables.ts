import { markdown } from '@meridian/runner'
import type { ActionFile } from './action-files.ts'

/** The table of an action's inputs. An input without a description is an error: nobody could use it. */
export function renderInputs(action: ActionFile): string {
  const rows = Object.entries(action.inputs ?? {}).map(([name, input]) => [
    code(name),
    describe('input', name, input.description),
    input.required ? '**required**' : input.default ? code(input.default) : '–',
  ])
  return rows.length === 0 ? 'None.\n' : markdown.table(['Input', 'What it is', 'Default'], rows)
}

/** The table of an action's outputs. */
export function renderOutputs(action: ActionFile): string {
  const rows = Object.entries(action.outputs ?? {}).map(([name, output]) => [
    code(name),
    describe('output', name, output.description),
  ])
  return rows.length === 0 ? 'None.\n' : markdown.table(['Output', 'What it is'], rows)
}

/** The table of all actions, for the front page. */
export function renderActions(actions: readonly { directory: string; action: ActionFile }[]): string {
  const rows = actions.map(({ directory, action }) => [
    `[${code(directory)}](actions/${directory}/README.md)`,
    cell(action.description),
  ])
  return markdown.table(['Action', 'What it does'], rows)
}

/** How a file writes the mark before and behind what is generated. */
export type Marking = (name: string) => string

const inMarkdown: Marking = name => `<!-- ${name} -->`

/** Marks as comments of YAML, where `inMarkdown` writes them as comments of HTML. */
export const inYaml: Marking = name => `# <${name}>`

/** Replaces what stands between the marks `marker` and `/marker`; fails where they are missing. */
export function fillMarkers(page: string, marker: string, content: string, marking = inMarkdown): string {
  const [open, close] = [marking(marker), marking(`/${marker}`)]
  const [from, to] = [page.indexOf(open), page.indexOf(close)]
  if (from < 0 || to < from) throw new Error(`the markers ${open} and ${close} are missing`)
  return `${page.slice(0, from + open.length)}\n${content}${page.slice(to)}`
}

function describe(kind: string, name: string, description: string | undefined): string {
  if (!description?.trim()) throw new Error(`${kind} '${name}' has no description`)
  return cell(description)
}

const code = (text: string) => `\`${text.replaceAll('|', '\\|')}\``
const cell = (text: string) =>
  text
    .trim()
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ')
