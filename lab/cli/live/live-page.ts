import type { Universe } from '@meridian/lab-universe'
import { html } from '../report/html.ts'
import { mark, sentence } from '../report/page.ts'
import { contentPolicy, readScript } from '../report/script.ts'
import { style } from '../report/style.ts'
import { createEventStream } from './event-stream.ts'
import { type PartName, partTitles, renderParts } from './render-parts.ts'
import { viewWorld } from './view-world.ts'

/** The page around the parts, which come by the stream. */
export function renderLivePage(domain: string, scale: number): string {
  const script = readScript('../live/live.js')
  const titles = Object.entries(partTitles) as [PartName, string][]
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(script)}; connect-src 'self'">
<title>Meridian lab: ${domain}, live</title><style>${{ markup: style }}</style></head>
<body class="live"><a class="skip" href="#content">To the content</a>
<header><p class="product">${mark}<strong>Meridian</strong> ${sentence}</p>
<h1>${domain}</h1>
<p class="result"><strong id="state" role="status">Connecting</strong> <span class="quiet">A world of the lab, where what one waits for passes ${scale} times faster.</span></p></header>
<nav class="bar-top" aria-label="Parts of the page"><div><ul>${titles.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></div></nav>
<main id="content" tabindex="-1">
${titles.map(([id, title]) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2><div class="part"></div></section>\n`)}</main>
<script type="module">${{ markup: script }}</script></body></html>
`.markup
}

/** Lets people see the world at the front door, for as long as they like. */
export function showLivePage(universe: Universe): void {
  const stream = createEventStream({ look: () => renderParts(viewWorld(universe)) })
  const page = renderLivePage(universe.domain, universe.world.clock.scale)
  universe.showPage(async (request, response) => {
    if (request.url === '/_world/page/events') return stream.join(response)
    if (request.url !== '/_world/page') return void response.writeHead(404).end()
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
      .end(page)
  })
}
