/** Text that GitHub renders as it stands: no markup, no HTML, no link to anywhere, no table cell that ends early. */
export function escapeText(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replace(/^(\s*)([-=]|\d+(?=[.)]))/gm, (_, space: string, mark: string) =>
      /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
    )
    .replace(autolinks, '$1$3\\$2$4')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\r?\n/g, '<br>')
}

/** Where GitHub makes a link of plain text. */
const autolinks = /\b(https?|ftp|mailto|xmpp)(:)|\b(www)(\.)/gi

/**
 * Inline code that shows any text as it stands. HTML and not backticks, which a backtick inside would end; Markdown is read
 * inside too, so its marks are written as numbers.
 */
export function code(text: string): string {
  const safe = text
    .replace(/[&<>|\\`*_[\]~$!]/g, mark => `&#${mark.charCodeAt(0)};`)
    .replace(
      autolinks,
      (_, scheme = '', colon = '', www = '', dot = '') =>
        `${scheme}${www}&#${`${colon}${dot}`.charCodeAt(0)};`,
    )
  return `<code>${safe.replace(/\r?\n/g, ' ')}</code>`
}

/** A table of cells that are Markdown already (use `escapeText` or `code` for foreign text). */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(headers), line(headers.map(() => '---')), ...rows.map(line), ''].join('\n')
}

/** A folded part with a title. */
export function details(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>\n`
}

/** A fenced block; the fence is longer than any run of backticks inside. */
export function fence(body: string, language = ''): string {
  const longest = Math.max(2, ...(body.match(/`+/g) ?? []).map(run => run.length))
  const mark = '`'.repeat(longest + 1)
  return `${mark}${language}\n${body.replace(/\n$/, '')}\n${mark}\n`
}

const icons = { done: '✅', same: '⚪', changes: '🟡', planned: '📝', attention: '⚠️', failed: '❌' }

/** How it ended, or what it is about to do, as the icon of a title shows it. */
export type Outcome = keyof typeof icons

/** All that a summary, or one part of it, says; Markdown already. */
export type Report = {
  readonly outcome: Outcome
  readonly title: string
  /** What one wants to know first, in a sentence. */
  readonly line?: string
  /** Tables and lists, in order; empty ones are left out. */
  readonly body?: readonly string[]
  /** What the reader can do now, in a sentence. */
  readonly next?: string | undefined
}

/** The one shape of every summary: icon and title, a first line, tables, what next. */
export function report(said: Report): string {
  return shape('###', said)
}

/** A part of a summary, in the same shape. */
export function part(said: Report): string {
  return `\n${shape('####', said)}`
}

function shape(level: string, { outcome, title, line = '', body = [], next }: Report): string {
  const last = next === undefined ? '' : `**What next:** ${next}`
  const blocks = [`${level} ${icons[outcome]} ${title}`, line, ...body, last]
  return `${blocks
    .map(block => block.trim())
    .filter(block => block !== '')
    .join('\n\n')}\n`
}

/** A list with a title of its own; '' where there is nothing to list. */
export function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `**${title}**\n\n${items.map(item => `- ${item}`).join('\n')}`
}

/** A table with a title of its own; '' where it has no rows. */
export function titledTable(
  title: string,
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return rows.length === 0 ? '' : `**${title}**\n\n${table(headers, rows)}`
}

/** `1 pod`, `2 pods` */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
