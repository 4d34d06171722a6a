#!/usr/bin/env bash
# Most expect a Lease that a Kubernetes client writes with a date of its own language to be one that API servers take.
# Seen: the types of the API want exactly six digits of a second in renewTime. Python's client writes none when there are no
# microseconds, so it cannot write back what it has read, and one renewal of a million fails; a JavaScript Date has three digits.
# Here renewals of the host cluster's lease write six digits, and the lab's API servers refuse anything else as real ones do.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 @kubernetes/client-node@2.0.1 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kubernetes==36.0.2
export GOFLAGS=-mod=mod
cat > write.py <<'PY'
import json
from types import SimpleNamespace
from kubernetes import client
api = client.ApiClient()
for time in ('2026-01-01T00:00:00.000001Z', '2026-01-01T00:00:00.000000Z'):
    lease = api.deserialize(SimpleNamespace(data=json.dumps({'spec': {'renewTime': time}})), 'V1Lease')
    print(json.dumps(api.sanitize_for_serialization(lease), separators=(',', ':')))
PY
cat > write.mjs <<'JS'
import { createServer } from 'node:http'
import { CoordinationV1Api, KubeConfig, V1MicroTime } from '@kubernetes/client-node'
const server = createServer((request, answer) => {
  request.on('data', data => console.log(String(data)))
  request.on('end', () => answer.setHeader('content-type', 'application/json').end('{}'))
})
await new Promise(done => server.listen(0, '127.0.0.1', done))
const config = new KubeConfig()
config.loadFromClusterAndUser({ name: 'c', server: `http://127.0.0.1:${server.address().port}`, skipTLSVerify: true }, { name: 'u' })
const api = config.makeApiClient(CoordinationV1Api)
for (const Time of [Date, V1MicroTime])
  await api.createNamespacedLease({ namespace: 'default', body: { spec: { renewTime: new Time(1767225600123) } } })
process.exit()
JS
cat > main.go <<'GO'
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	coordination "k8s.io/api/coordination/v1"
)

func main() {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		err := json.Unmarshal(lines.Bytes(), &coordination.Lease{})
		fmt.Println(lines.Text(), "taken:", err == nil)
	}
}
GO
go mod init example.com/lease >/dev/null 2>&1
go get k8s.io/api@v0.35.7 >/dev/null 2>&1
{ venv/bin/python write.py; node_modules/.bin/node write.mjs; } | go run . 2>/dev/null | tee seen
cat > expected <<'TEXT'
{"spec":{"renewTime":"2026-01-01T00:00:00.000001+00:00"}} taken: true
{"spec":{"renewTime":"2026-01-01T00:00:00+00:00"}} taken: false
{"spec":{"renewTime":"2026-01-01T00:00:00.123Z"}} taken: false
{"spec":{"renewTime":"2026-01-01T00:00:00.123000Z"}} taken: true
TEXT
diff expected seen && echo 'as recorded (k8s.io/api 0.35.7, kubernetes 36.0.2 of PyPI, @kubernetes/client-node 2.0.1)'
