#!/usr/bin/env bash
# Most expect the part of Kubernetes' client for JavaScript that is for objects of any kind to hand them over as they are.
# Seen: of kinds that it has types for, KubernetesObjectApi leaves out each field that those lack: in what it reads, creates, replaces
# and patches. A typo never reaches the server that would refuse it; a field of a later Kubernetes is gone after read and replace, as
# are microseconds. Custom resources keep their own fields, and Python's client sends a dict as it is.
# Here objects are sent and read as plain JSON, without that part of the client.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 @kubernetes/client-node@2.0.1 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kubernetes==36.0.2
cat > objects.mjs <<'JS'
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { KubeConfig, KubernetesObjectApi } from '@kubernetes/client-node'
const name = { name: 'web', namespace: 'shop' }
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { ...name, managedFields: [{ manager: 'a', operation: 'Apply', time: '2026-01-31T00:00:00.123456Z' }] },
  spec: { sessionAffinty: 'ClientIP', ports: [{ port: 80 }], ofALaterRelease: { weight: 3 } },
}
const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: name, spec: { weight: 3 } }
const kinds = { '/api/v1': ['services', 'Service'], '/apis/example.com/v1': ['widgets', 'Widget'] }
let label = 'JavaScript'
const server = createServer(async (request, response) => {
  let body = ''
  for await (const part of request) body += part
  if (request.method !== 'GET') console.log(label, request.method, JSON.stringify(JSON.parse(body)))
  const [plural, kind] = kinds[request.url] ?? []
  const listed = { kind: 'APIResourceList', resources: [{ name: plural, kind, namespaced: true, verbs: [] }] }
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(plural ? listed : request.url.includes('widgets') ? widget : service))
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`
const config = new KubeConfig()
config.loadFromClusterAndUser({ name: 'a', server: url, skipTLSVerify: true }, { name: 'a' })
const api = KubernetesObjectApi.makeApiClient(config)
await api.create(service)
await api.replace(await api.read(service))
await api.patch(service)
await api.replace(await api.read(widget))
label = 'Python'
const python = 'import sys, json; from kubernetes import client, utils; utils.create_from_dict(client.ApiClient(client.Configuration(host=sys.argv[1])), json.loads(sys.argv[2]))'
await promisify(execFile)('venv/bin/python', ['-c', python, url, JSON.stringify(service)])
server.close()
server.closeAllConnections()
JS
node_modules/.bin/node objects.mjs | tee seen
cat > expected <<'TEXT'
JavaScript POST {"apiVersion":"v1","kind":"Service","metadata":{"managedFields":[{"manager":"a","operation":"Apply","time":"2026-01-31T00:00:00.123456Z"}],"name":"web","namespace":"shop"},"spec":{"ports":[{"port":80}]}}
JavaScript PUT {"apiVersion":"v1","kind":"Service","metadata":{"managedFields":[{"manager":"a","operation":"Apply","time":"2026-01-31T00:00:00.123Z"}],"name":"web","namespace":"shop"},"spec":{"ports":[{"port":80}]}}
JavaScript PATCH {"apiVersion":"v1","kind":"Service","metadata":{"managedFields":[{"manager":"a","operation":"Apply","time":"2026-01-31T00:00:00.123456Z"}],"name":"web","namespace":"shop"},"spec":{"ports":[{"port":80}]}}
JavaScript PUT {"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"web","namespace":"shop"},"spec":{"weight":3}}
Python POST {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"shop","managedFields":[{"manager":"a","operation":"Apply","time":"2026-01-31T00:00:00.123456Z"}]},"spec":{"sessionAffinty":"ClientIP","ports":[{"port":80}],"ofALaterRelease":{"weight":3}}}
TEXT
diff expected seen && echo 'as recorded (@kubernetes/client-node 2.0.1, kubernetes 36.0.2 of PyPI)'
