#!/usr/bin/env bash
# Most expect `?(@.spec.unschedulable!=true)` to find the nodes that are not cordoned, which have no such field at all.
# Seen: kubectl's JSONPath drops items that lack the field, whatever is compared, without an error: the answer is empty where
# every node is fine. jsonpath-plus and jsonpath-ng find them, as RFC 9535 says. Printed columns of custom resources are read so too.
# Here conditions are looked for by what they are (`==`), and never by what they are not.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . jsonpath-plus@10.4.0 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jsonpath-ng==1.16.0
export GOFLAGS=-mod=mod
cat > nodes.json <<'JSON'
{"items": [
  {"metadata": {"name": "fine"}, "spec": {}},
  {"metadata": {"name": "cordoned"}, "spec": {"unschedulable": true}},
  {"metadata": {"name": "uncordoned"}, "spec": {"unschedulable": false}}]}
JSON
cat > main.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/client-go/util/jsonpath"
)

func main() {
	text, _ := os.ReadFile("nodes.json")
	var nodes any
	_ = json.Unmarshal(text, &nodes)
	for _, operator := range []string{"!=", "=="} {
		fmt.Printf("kubectl %s true: ", operator)
		path := jsonpath.New("path").AllowMissingKeys(true)
		if err := path.Parse("{.items[?(@.spec.unschedulable" + operator + "true)].metadata.name}"); err != nil {
			panic(err)
		}
		if err := path.Execute(os.Stdout, nodes); err != nil {
			panic(err)
		}
		fmt.Println()
	}
}
GO
go mod init example.com/nodes >/dev/null 2>&1
go get k8s.io/client-go@v0.35.7 >/dev/null 2>&1
cat > read.mjs <<'JS'
import { readFileSync } from 'node:fs'
import { JSONPath } from 'jsonpath-plus'
const json = JSON.parse(readFileSync('nodes.json', 'utf8'))
const path = '$.items[?(@.spec.unschedulable!=true)].metadata.name'
console.log(`jsonpath-plus != true: ${JSONPath({ path, json, eval: 'safe' }).join(' ')}`)
JS
cat > read.py <<'PY'
import json
from jsonpath_ng.ext import parse
found = parse('$.items[?(@.spec.unschedulable!=true)].metadata.name').find(json.load(open('nodes.json')))
print('jsonpath-ng != true:', *(each.value for each in found))
PY
{ go run . 2>/dev/null; node read.mjs; venv/bin/python read.py; } | tee seen
cat > expected <<'TEXT'
kubectl != true: uncordoned
kubectl == true: cordoned
jsonpath-plus != true: fine uncordoned
jsonpath-ng != true: fine uncordoned
TEXT
diff expected seen && echo 'as recorded (client-go 0.35.7, jsonpath-plus 10.4.0, jsonpath-ng 1.16.0)'
