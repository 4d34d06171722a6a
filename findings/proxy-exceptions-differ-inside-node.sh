#!/usr/bin/env bash
# Most expect the proxy variables to mean in Node what they mean to curl and Go, and all of Node to read NO_PROXY alike.
# Seen: `proxyEnv` of Node 24.21.0 and undici 7.16.0 both proxy loopback, the subdomains of a name that is exempt and networks in
# CIDR, and differ from each other on `.example.invalid`, on ranges of addresses and on blanks as separators.
# Here an action and the kops that it starts would go different ways out of one job: it decides by Go's rule itself.
set -euo pipefail
cd "$(mktemp -d)"
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 undici@7.16.0 >/dev/null 2>&1

cat > ask.mjs <<'JS'
import { once } from 'node:events'
import http from 'node:http'
import { EnvHttpProxyAgent, request } from 'undici'
const serve = async text => {
  const server = http.createServer((_, answer) => answer.end(text)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server.address().port
}
const [proxy, own] = [`http://127.0.0.1:${await serve('proxy')}`, await serve('direct')]
// Whatever is sent to `.invalid` directly fails by DNS.
const viaNode = (exceptions, url) =>
  new Promise(resolve => {
    const agent = new http.Agent({ proxyEnv: { HTTP_PROXY: proxy, NO_PROXY: exceptions } })
    http.get(url, { agent }, async answer => resolve((await answer.toArray()).join('')))
      .on('error', () => resolve('direct'))
  })
const viaUndici = async (exceptions, url) => {
  const dispatcher = new EnvHttpProxyAgent({ httpProxy: proxy, noProxy: exceptions, proxyTunnel: false })
  return request(url, { dispatcher }).then(({ body }) => body.text(), () => 'direct')
}
for (const [exceptions, host] of [
  ['', 'localhost:PORT'],
  ['example.invalid', 'example.invalid'],
  ['example.invalid', 'a.example.invalid'],
  ['.example.invalid', 'example.invalid'],
  ['*.example.invalid', 'a.example.invalid'],
  ['127.0.0.0/8', '127.0.0.1:PORT'],
  ['127.0.0.1-127.0.0.9', '127.0.0.1:PORT'],
  ['a.invalid b.invalid', 'b.invalid'],
]) {
  const url = `http://${host.replace('PORT', own)}/`
  console.log(`'${exceptions}' ${host}: node ${await viaNode(exceptions, url)}, undici ${await viaUndici(exceptions, url)}`)
}
process.exit()
JS
cat > expected.txt <<'TXT'
'' localhost:PORT: node proxy, undici proxy
'example.invalid' example.invalid: node direct, undici direct
'example.invalid' a.example.invalid: node proxy, undici proxy
'.example.invalid' example.invalid: node direct, undici proxy
'*.example.invalid' a.example.invalid: node direct, undici direct
'127.0.0.0/8' 127.0.0.1:PORT: node proxy, undici proxy
'127.0.0.1-127.0.0.9' 127.0.0.1:PORT: node direct, undici proxy
'a.invalid b.invalid' b.invalid: node proxy, undici direct
TXT
node_modules/.bin/node ask.mjs | tee seen.txt
diff seen.txt expected.txt
echo 'as recorded: node 24.21.0, undici 7.16.0'
