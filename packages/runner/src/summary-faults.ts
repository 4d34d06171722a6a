const icons = ['✅', '⚪', '🟡', '📝', '⚠️', '❌']
/** More columns than these do not fit into the 1012 pixels that GitHub gives to a summary. */
const mostColumns = 7
/** Shorter texts, such as the name of a cluster, may well stand in two tables. */
const longText = 30

/**
 * Where a summary does not speak the language of all of them: an icon and a title, tables whose columns have names and fit, nothing
 * long twice, and what next at the end. One sentence each; none where all is well. For tests.
 */
export function summaryFaults(summary: string): string[] {
  const markdown = summary.replace(/^(`{3,}).*\n[\s\S]*?^\1$/gm, '')
  const [first = ''] = markdown.split('\n')
  const titles = markdown.split('\n').filter(line => /^#{1,6} /.test(line))
  const known = (line: string) =>
    icons.some(icon => line.startsWith(`### ${icon} `) || line.startsWith(`#### ${icon} `))
  return [
    ...(first.startsWith('### ') ? [] : [`it begins with '${first}' and not with its title`]),
    ...titles.filter(line => !known(line)).map(line => `the title '${line}' has no icon`),
    ...headersOf(markdown).flatMap(faultsOfHeaders),
    ...afterNext(markdown).map(text => `'${text}' stands after what next`),
    ...twice(markdown).map(text => `'${text}' stands there twice`),
  ]
}

function headersOf(markdown: string): string[][] {
  const lines = markdown.split('\n')
  return lines
    .filter((_, at) => /^\|( --- \|)+$/.test(lines[at + 1] ?? ''))
    .map(line => line.slice(2, -2).split(' | '))
}

function faultsOfHeaders(headers: string[]): string[] {
  const bad = headers.filter(header => !/^[A-Z]/.test(header))
  return [
    ...bad.map(header => `a column has the name '${header}'`),
    ...(headers.length > mostColumns ? [`a table has ${headers.length} columns`] : []),
  ]
}

/** What stands below `What next:` in the same part. */
function afterNext(markdown: string): string[] {
  return markdown.split(/^(?=#{1,6} )/m).flatMap(text => {
    const [, below = ''] = text.split(/^\*\*What next:\*\* .*$/m)
    return below.split('\n').filter(line => line !== '')
  })
}

function twice(markdown: string): string[] {
  const texts = [...markdown.matchAll(/<code>([^<]+)<\/code>/g)].flatMap(([, text = '']) =>
    text.length > longText ? [text] : [],
  )
  return [...new Set(texts.filter((text, at) => texts.indexOf(text) !== at))]
}
