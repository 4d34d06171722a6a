#!/usr/bin/env bash
# Most expect a manifest to mean in a Kubernetes client for JavaScript what it means to kubectl.
# Seen: kubectl's YAML reader takes `defaultMode: 0400` for octal, 256; the official JavaScript client sends 400, which is mode
# 0620: the owner's secret is writable, and its group's; `yes` is text to it. PyYAML, the Python client's, keeps `0o400` as text.
# Here manifests are read with kubectl's rules for plain scalars, whatever the YAML library thinks of them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOFLAGS=-mod=mod
printf '%s\n' 'plain: 0400' 'prefixed: 0o400' 'eight: 08' 'word: yes' 'grouped: 1_000' 'clock: 22:22' 'date: 2026-01-31' > manifest.yaml
cat > main.go <<'GO'
package main

import (
	"encoding/json"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	text, _ := os.ReadFile("manifest.yaml")
	data := map[string]any{}
	if err := yaml.Unmarshal(text, &data); err != nil {
		panic(err)
	}
	os.Stdout.WriteString("kubectl ")
	json.NewEncoder(os.Stdout).Encode(data)
}
GO
go mod init example.com/manifest >/dev/null 2>&1
go get sigs.k8s.io/yaml@v1.6.0 >/dev/null 2>&1
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 @kubernetes/client-node@2.0.1 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyYAML==6.0.4
cat > read.mjs <<'JS'
import { readFileSync } from 'node:fs'
import { loadYaml } from '@kubernetes/client-node'
const sorted = value => JSON.stringify(value, Object.keys(value).sort())
console.log(`client-node ${sorted(loadYaml(readFileSync('manifest.yaml', 'utf8')))}`)
const volumes = 'volumes: [{name: key, secret: {defaultMode: 0400}}]'
console.log(`client-node ${loadYaml(`{apiVersion: v1, kind: Pod, spec: {${volumes}}}`).spec.volumes[0].secret.defaultMode.toString(8)}`)
JS
cat > read.py <<'PY'
import json, yaml
print('PyYAML', json.dumps(yaml.safe_load(open('manifest.yaml')), default=str, sort_keys=True, separators=(',', ':')))
PY
{ go run .; node_modules/.bin/node read.mjs; venv/bin/python read.py; } | tee seen
cat > expected <<'TEXT'
kubectl {"clock":"22:22","date":"2026-01-31","eight":8,"grouped":1000,"plain":256,"prefixed":256,"word":true}
client-node {"clock":"22:22","date":"2026-01-31","eight":8,"grouped":"1_000","plain":400,"prefixed":256,"word":"yes"}
client-node 620
PyYAML {"clock":1342,"date":"2026-01-31","eight":"08","grouped":1000,"plain":256,"prefixed":"0o400","word":true}
TEXT
diff expected seen && echo 'as recorded (sigs.k8s.io/yaml 1.6.0, @kubernetes/client-node 2.0.1, PyYAML 6.0.4)'
