/** Text that GitHub renders as it stands: no markup, no HTML, no table cell that ends early. */
export function escapeText(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\r?\n/g, '<br>')
}

/** Inline code; a backtick inside would end it, so HTML is used instead of backticks. */
export function code(text: string): string {
  const safe = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('|', '&#124;')
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
