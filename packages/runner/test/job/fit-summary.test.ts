import { expect, test } from 'vitest'
import { cutSummary } from '../../src/job/fit-summary.ts'

const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at}`).join('\n')

test('a summary that fits stays as it is', () => expect(cutSummary('# x\n', 4)).toBeUndefined())

test('a summary that is too large ends at the end of a line and says so', () => {
  const cut = cutSummary(lines(1_000), 2_000) ?? ''
  expect(cut).toMatch(/^line 0\nline 1\n[\s\S]*\nline (\d+)\n\n\*\*Cut here:\*\*/)
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(2_000)
})

test('characters count as the bytes that they are', () => {
  expect(Buffer.byteLength(cutSummary('ü\n'.repeat(1_500), 2_000) ?? '')).toBeLessThanOrEqual(2_000)
})

test.each([
  ['a fence', `\`\`\`\`yaml\n\`\`\`\n${lines(1_000)}`, /\n````\n\n\*\*Cut/],
  ['folded parts', `<details><summary>a</summary>\n\n${lines(1_000)}`, /\n<\/details>\n\n\*\*Cut/],
  [
    'a fence in a folded part, whatever is in it',
    `<details><summary>a</summary>\n\n\`\`\`\n</details>\n${lines(1_000)}`,
    /\n```\n\n<\/details>\n\n\*\*Cut/,
  ],
])('%s is closed where the summary is cut', (_, text, end) => expect(cutSummary(text, 2_000)).toMatch(end))
