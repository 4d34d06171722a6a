/** What has answered: a port of a pod, where it runs, and what it was asked. */
export type Answerer = {
  app: string
  region: string
  zone: string
  cluster: string
  node: string
  namespace: string
  pod: string
  address: string
  port: number
  image: string
}
export type Asked = { method: string; path: string; host: string; time: string }
export type Page = { contentType: string; text: string }

/** The page of an app in the lab, for a browser or, unless HTML is asked for, a terminal. */
export function renderPage(answerer: Answerer, asked: Asked, accept = ''): Page {
  const rows = rowsOf(answerer, asked)
  const notice = `This page is the lab's own: it stands for what ${answerer.image} would serve. No image runs here.`
  if (!accept.includes('text/html')) {
    const lines = rows.map(([name, value]) => `${name.padEnd(10)}${value}`)
    const text = [`${answerer.app} in ${answerer.region}`, '', ...lines, '', notice, ''].join('\n')
    return { contentType: 'text/plain; charset=utf-8', text }
  }
  return { contentType: 'text/html; charset=utf-8', text: renderHtml(answerer, rows, notice) }
}

type Row = readonly [name: string, value: string]

function rowsOf(answerer: Answerer, { method, path, host, time }: Asked): Row[] {
  const { region, zone, cluster, node, namespace, pod, address, port } = answerer
  return [
    ['region', region],
    ['zone', zone],
    ['cluster', cluster],
    ['node', node],
    ['pod', `${namespace}/${pod}`],
    ['address', `${address}:${port}`],
    ['request', `${method} ${path}`],
    ['host', host],
    ['time', time],
  ]
}

const style = `
:root { color-scheme: light dark }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.5 system-ui, sans-serif;
  background: light-dark(#eef2f6, #12161c); color: light-dark(#17202b, #e4e9ef) }
main { width: min(38rem, 92vw) }
h1 { margin: 0; font-size: clamp(2.2rem, 9vw, 4rem); line-height: 1.1 }
p { margin: .3rem 0 1.4rem; color: light-dark(#51606f, #9aa8b7) }
dl { margin: 0 0 1.4rem; padding: 1rem 1.3rem; display: grid; grid-template-columns: auto 1fr; gap: .3rem 1.4rem;
  border-radius: .6rem; background: light-dark(#fff, #1b222b) }
dt { color: light-dark(#51606f, #9aa8b7) }
dd { margin: 0; overflow-wrap: anywhere; font-family: ui-monospace, monospace; font-size: .93em }
small { color: light-dark(#51606f, #9aa8b7) }`

function renderHtml({ app, region, cluster }: Answerer, rows: readonly Row[], notice: string): string {
  const list = rows.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`)
  const title = escapeHtml(`${app} in ${region}`)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${style}
</style>
<main>
<h1>${escapeHtml(region)}</h1>
<p>${escapeHtml(app)} on ${escapeHtml(cluster)}</p>
<dl>
${list.join('\n')}
</dl>
<small>${escapeHtml(notice)}</small>
</main>
</html>
`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, character => entities[character] ?? character)
}
