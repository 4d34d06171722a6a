// What the report's page does by itself: it searches summaries and logs, shows only what has the words, opens what holds them,
// and says how much there is. Without it the page is whole, and a browser's own search opens what is folded.
const field = document.querySelector('#search')
const status = document.querySelector('#found')
const parts = [...document.querySelectorAll('details')].map(part => ({ part, open: part.open }))

const textOf = node => node.textContent.toLowerCase()
const count = (number, one, more) => `${number} ${number === 1 ? one : more}`

/** The places of words in a node. */
function rangesOf(node, words) {
  const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT)
  const found = []
  while (walk.nextNode()) {
    const text = walk.currentNode
    const pieces = text.data.toLowerCase().split(words)
    let at = 0
    for (const piece of pieces.slice(0, -1)) {
      const range = new Range()
      range.setStart(text, at + piece.length)
      range.setEnd(text, at + piece.length + words.length)
      found.push(range)
      at += piece.length + words.length
    }
  }
  return found
}

/** Hides those that do not have the words; returns those that have. */
function sift(nodes, words) {
  const hits = [...nodes].filter(node => textOf(node).includes(words))
  for (const node of nodes) node.hidden = !hits.includes(node)
  return hits
}

function search() {
  const words = field.value.trim().toLowerCase()
  for (const { part, open } of parts) part.open = open
  const found = { summaries: [], lines: [] }
  for (const job of document.querySelectorAll('.job')) {
    const summaries = sift(job.querySelectorAll('.summary'), words)
    const lines = [...job.querySelectorAll('.log')].flatMap(log => {
      const hits = sift(log.querySelectorAll('.line'), words)
      log.hidden = hits.length === 0
      if (words !== '') log.open = true
      return hits
    })
    job.hidden = words !== '' && summaries.length + lines.length === 0
    if (words !== '') job.open = true
    found.summaries.push(...summaries)
    found.lines.push(...lines)
  }
  tell(words, found)
}

function tell(words, { summaries, lines }) {
  const marks = words === '' ? [] : [...summaries, ...lines].flatMap(node => rangesOf(node, words))
  if (globalThis.Highlight) CSS.highlights.set('found', new Highlight(...marks))
  const text = `${count(lines.length, 'line', 'lines')}, ${count(summaries.length, 'summary', 'summaries')}`
  status.textContent = words === '' ? '' : text
}

let later
field.addEventListener('input', () => {
  clearTimeout(later)
  later = setTimeout(search, 100)
})
field.form.addEventListener('submit', event => {
  event.preventDefault()
  search()
  document.querySelector('#jobs').scrollIntoView()
})
field.form.hidden = false
