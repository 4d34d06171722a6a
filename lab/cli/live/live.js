// What the live page does: it puts each part of the world where it belongs as soon as the world tells of it.
const state = document.querySelector('#state')
const comeBack = 2_000

function say(text, kind) {
  if (state.textContent === text) return
  state.textContent = text
  state.className = kind
}

function connect() {
  const source = new EventSource('/_world/page/events')
  source.addEventListener('open', () => say('Live', 'good'))
  source.addEventListener('part', ({ data }) => {
    const { part, markup } = JSON.parse(data)
    document.querySelector(`#${part} > .part`).innerHTML = markup
  })
  source.addEventListener('error', () => {
    say('The world does not answer; trying again', 'bad')
    // A browser comes back by itself unless it was refused.
    if (source.readyState !== EventSource.CLOSED) return
    setTimeout(connect, comeBack)
  })
}

connect()
