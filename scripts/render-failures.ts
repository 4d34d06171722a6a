import type { KnownFailure } from '@meridian/tools'
import { expandPattern } from './expand-pattern.ts'

/** One row of a troubleshooting table: texts that a log can be searched for, and what its reader does. */
type Trouble = { readonly texts: readonly string[]; readonly meaning?: string; readonly fix: string }

/** What a tool says, as it stands in the table that explains its failures; `again` tells that a run tries it again. */
export function renderKnownFailures(failures: readonly KnownFailure[]): string {
  return render(
    failures.map(({ pattern, advice, category }) => ({
      texts: expandPattern(pattern.source),
      meaning: category,
      fix: advice,
    })),
    ['It says', 'Kind', 'What to do'],
  )
}

/** What AWS or a machine says by code, and what the action makes of it. */
export function renderCodes(
  rows: readonly { codes: readonly string[]; what: string; fix: string }[],
): string {
  const troubles = rows.map(({ codes, what, fix }) => ({ texts: codes, meaning: what, fix }))
  return render(troubles, ['Code', 'What the action says', 'What to do'])
}

function render(rows: readonly Trouble[], headers: readonly string[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')
  const lines = rows.map(({ texts, meaning = '', fix }) => {
    const searched = texts.map(text => `\`${text.replaceAll('|', '\\|')}\``).join('<br>')
    return `| ${searched} | ${cell(meaning)} | ${cell(fix)} |`
  })
  return [`| ${headers.join(' | ')} |`, `| ${headers.map(() => '---').join(' | ')} |`, ...lines, ''].join(
    '\n',
  )
}
