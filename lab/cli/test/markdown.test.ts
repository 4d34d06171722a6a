import { expect, test } from 'vitest'
import { renderMarkdown } from '../report/markdown.ts'

test.each([
  ['a heading, below those of the page', '### Ready', '<h4>Ready</h4>\n'],
  ['inline code of GitHub', '<code>a&#124;b</code>', '<p><code>a|b</code></p>\n'],
  [
    'a folded part',
    '<details><summary>All</summary>\n\n*x*\n\n</details>',
    '<details><summary>All</summary><p><em>x</em></p>\n</details>',
  ],
  ['a block of code', '```yaml\na: <b>\n```', '<pre tabindex="0"><code>a: &lt;b&gt;</code></pre>\n'],
  ['no picture that the page has itself', '```mermaid\nflowchart LR\n```', ''],
  [
    'a table that scrolls',
    '| a | |\n| --- | --- |\n',
    '<div class="scroll" tabindex="0"><table>\n<thead>\n<tr>\n<th scope="col">a</th>\n<td></td>\n</tr>\n</thead>\n</table></div>\n',
  ],
])('renders %s', (_, text, expected) => {
  expect(renderMarkdown(text).markup).toBe(expected)
})

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[x](javascript:alert(1))',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<details ontoggle=alert(1) open>x</details>',
  '<p style="position:fixed">x</p>',
])('lets nothing act in %s', text => {
  expect(renderMarkdown(text).markup).not.toMatch(/script|onerror|ontoggle|style|<img/i)
})
