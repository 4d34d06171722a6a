/** A piece of markup that is safe to put into a page. */
export type Html = { readonly markup: string }

type Piece = Html | string | number | undefined | readonly Piece[]

/** Builds markup from a template; everything inserted is escaped unless it is markup already. */
export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Html {
  return {
    markup: strings.map((text, at) => text + (at < pieces.length ? toMarkup(pieces[at]) : '')).join(''),
  }
}

/** Text as it may stand in markup and in attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}

function toMarkup(piece: Piece): string {
  if (piece === undefined) return ''
  if (typeof piece === 'string' || typeof piece === 'number') return escapeHtml(String(piece))
  return 'markup' in piece ? piece.markup : piece.map(toMarkup).join('')
}
