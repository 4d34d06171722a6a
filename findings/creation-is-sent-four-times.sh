#!/usr/bin/env bash
# Most expect GitHub's client for JavaScript, which repeats what failed, to leave alone what must not happen twice, as others do.
# Seen: the retry plugin that `octokit` brings repeats POST like GET, after 409 as after 502: one deployment that a gateway lost the
# answer of is made up to four times. `getOctokit` of @actions/github and @actions/http-client, the latter with retries on, send it once.
# Here a write whose answer is lost is looked for before it is made again.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 octokit@5.0.5 @octokit/plugin-retry@8.1.1 @actions/github@9.1.1 \
  @actions/http-client@4.0.1 >/dev/null 2>&1
cat > send.mjs <<'JS'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { getOctokit } from '@actions/github'
import { HttpClient } from '@actions/http-client'
import { Octokit } from 'octokit'
let count = 0
const server = createServer((request, answer) => {
  count += 1
  answer.writeHead(Number(request.url.slice(-3)), { 'content-type': 'application/json' }).end('{}')
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const baseUrl = `http://127.0.0.1:${server.address().port}`
const mute = { debug() {}, info() {}, warn() {}, error() {} }
const octokit = new Octokit({ baseUrl, log: mute, throttle: { enabled: false }, retry: { retryAfterBaseValue: 1 } })
const clients = {
  octokit: (method, path) => octokit.request(`${method} ${path}`),
  'actions/github': (method, path) => getOctokit('token', { baseUrl, log: mute }).request(`${method} ${path}`),
  'http-client': (method, path) => new HttpClient('x', [], { allowRetries: true, maxRetries: 3 }).request(method, `${baseUrl}${path}`, ''),
}
for (const [name, send] of Object.entries(clients)) {
  for (const method of ['GET', 'POST']) {
    for (const status of [502, 409]) {
      count = 0
      await send(method, `/repos/o/r/deployments/${status}`).catch(() => {})
      console.log(`${name} ${method} ${status}: ${count}`)
    }
  }
}
process.exit()
JS
env -u http_proxy -u HTTP_PROXY node_modules/.bin/node send.mjs | tee seen
cat > expected <<'TEXT'
octokit GET 502: 4
octokit GET 409: 4
octokit POST 502: 4
octokit POST 409: 4
actions/github GET 502: 1
actions/github GET 409: 1
actions/github POST 502: 1
actions/github POST 409: 1
http-client GET 502: 4
http-client GET 409: 1
http-client POST 502: 1
http-client POST 409: 1
TEXT
diff expected seen && echo 'as recorded (octokit 5.0.5 with plugin-retry 8.1.1, @actions/github 9.1.1, @actions/http-client 4.0.1)'
