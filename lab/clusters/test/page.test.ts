import { expect, test } from 'vitest'
import { renderPage } from '../apps/page.ts'

const answerer = {
  app: 'hugo',
  region: 'eu-west-1',
  zone: 'eu-west-1a',
  cluster: 'eur.k8s.example.com',
  node: 'i-0eur2222',
  namespace: 'default',
  pod: 'hugo-5d4f-x7x2q',
  address: '100.96.1.2',
  port: 8080,
  image: 'nginx:1.29',
}
const asked = { method: 'GET', path: '/?q=<b>', host: 'localhost:8001', time: '2026-01-02T03:04:05Z' }

test('a terminal is told who has answered, and that the page is the lab’s', () => {
  expect(renderPage(answerer, asked, '*/*')).toEqual({
    contentType: 'text/plain; charset=utf-8',
    text: `hugo in eu-west-1

region    eu-west-1
zone      eu-west-1a
cluster   eur.k8s.example.com
node      i-0eur2222
pod       default/hugo-5d4f-x7x2q
address   100.96.1.2:8080
request   GET /?q=<b>
host      localhost:8001
time      2026-01-02T03:04:05Z

This page is the lab's own: it stands for what nginx:1.29 would serve. No image runs here.
`,
  })
})

test('a browser gets a page whose title and heading name the region', () => {
  const { contentType, text } = renderPage(answerer, asked, 'text/html,*/*;q=0.8')
  expect(contentType).toBe('text/html; charset=utf-8')
  expect(text).toContain('<title>hugo in eu-west-1</title>')
  expect(text).toContain('<h1>eu-west-1</h1>')
  expect(text).toContain('<dt>pod</dt><dd>default/hugo-5d4f-x7x2q</dd>')
})

test('what was asked for is shown as text, whatever it says', () => {
  expect(renderPage(answerer, asked, 'text/html').text).toContain('<dd>GET /?q=&lt;b&gt;</dd>')
})
