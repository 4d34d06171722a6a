import { Marked } from 'marked'
import sanitize from 'sanitize-html'
import { escapeHtml, type Html } from './html.ts'

/** Headings of a summary begin at the third level; on the page they stand below a job's, which is of that level. */
const deeper = 1
const highestHeading = 4

const marked = new Marked({
  gfm: true,
  renderer: {
    heading({ tokens, depth }) {
      const level = Math.min(6, Math.max(highestHeading, depth + deeper))
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`
    },
    // What GitHub draws of it is on the page already: the map.
    code({ text, lang }) {
      if (lang === 'mermaid') return ''
      return `<pre tabindex="0"><code>${escapeHtml(text)}</code></pre>\n`
    },
  },
})

const allowed = {
  allowedTags:
    'a blockquote br code dd del details div dl dt em h4 h5 h6 hr input kbd li ol p pre s samp span strong sub summary sup table tbody td th thead tr ul'.split(
      ' ',
    ),
  allowedAttributes: {
    a: ['href'],
    details: ['open'],
    input: ['type', 'checked', 'disabled'],
    ol: ['start'],
    pre: ['tabindex'],
    td: ['align'],
    th: ['align', 'scope'],
  },
  // A page that asks nothing of the network may still lead to it.
  allowedSchemes: ['https', 'http', 'mailto'],
  transformTags: { th: sanitize.simpleTransform('th', { scope: 'col' }) },
}

/** GitHub's Markdown as markup that is safe to put into a page: no script, no style, no picture. */
export function renderMarkdown(text: string): Html {
  const markup = sanitize(marked.parse(text, { async: false }), allowed)
  return {
    markup: markup
      .replaceAll('<th scope="col"></th>', '<td></td>')
      // Wide tables scroll by themselves, by keyboard too.
      .replaceAll('<table>', '<div class="scroll" tabindex="0"><table>')
      .replaceAll('</table>', '</table></div>'),
  }
}
