#!/usr/bin/env bash
# Most expect a JSON patch to do in a cluster what RFC 6902 says and the libraries do with which it is tried first.
# Seen: the library in Kubernetes' API servers makes what `replace` does not find, where the RFC and the others refuse; finds null in
# a field that is not there, tells 1.0 from 1, and takes an index of -1 from the end. Its own successor gave up only the first.
# Here no action writes JSON patches: preconditions are uid and resourceVersion, and the lab's servers patch as that library does.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOFLAGS=-mod=mod
cat > patches <<'TXT'
[{"op":"replace","path":"/spec/paused","value":true}]
[{"op":"test","path":"/spec/paused","value":null}]
[{"op":"test","path":"/spec/replicas","value":3.0}]
[{"op":"remove","path":"/spec/ports/-1"}]
TXT
document='{"spec":{"ports":[80,443],"replicas":3}}'
cat > main.go <<'GO'
package main

import (
	"bufio"
	"fmt"
	"os"

	four "gopkg.in/evanphx/json-patch.v4"
	five "github.com/evanphx/json-patch/v5"
)

type patch interface{ Apply([]byte) ([]byte, error) }

func main() {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		before, err := four.DecodePatch(lines.Bytes())
		after, failed := five.DecodePatch(lines.Bytes())
		if err != nil || failed != nil {
			panic(err)
		}
		for name, each := range map[string]patch{"v4": before, "v5": after} {
			result, err := each.Apply([]byte(os.Args[1]))
			if err != nil {
				result = []byte("refused")
			}
			fmt.Printf("%s Go %s: %s\n", lines.Text(), name, result)
		}
	}
}
GO
go mod init example.com/patches >/dev/null 2>&1
go get gopkg.in/evanphx/json-patch.v4@v4.13.0 github.com/evanphx/json-patch/v5@v5.9.11 >/dev/null 2>&1
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 fast-json-patch@3.1.1 rfc6902@5.2.0 >/dev/null 2>&1
cat > patch.mjs <<'JS'
import { readFileSync } from 'node:fs'
import fast from 'fast-json-patch'
import { applyPatch } from 'rfc6902'
for (const line of readFileSync('patches', 'utf8').trim().split('\n')) {
  const [patch, first, second] = [JSON.parse(line), JSON.parse(process.argv[2]), JSON.parse(process.argv[2])]
  let result = 'refused'
  try {
    result = JSON.stringify(fast.applyPatch(first, patch, true).newDocument)
  } catch {}
  console.log(`${line} fast-json-patch: ${result}`)
  console.log(`${line} rfc6902: ${applyPatch(second, patch).some(Boolean) ? 'refused' : JSON.stringify(second)}`)
}
JS
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jsonpatch==1.33
cat > patch.py <<'PY'
import json, sys, jsonpatch
for line in open('patches'):
    try:
        result = json.dumps(jsonpatch.apply_patch(json.loads(sys.argv[1]), line), separators=(',', ':'))
    except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException):
        result = 'refused'
    print(f'{line.strip()} jsonpatch: {result}')
PY
go mod download k8s.io/apiserver@v0.35.4
{
  grep -o 'gopkg.in/evanphx/json-patch.v4 v4[0-9.]*' "$(go env GOMODCACHE)/cache/download/k8s.io/apiserver/@v/v0.35.4.mod"
  { go run . "$document" < patches; node_modules/.bin/node patch.mjs "$document"; venv/bin/python patch.py "$document"; } | LC_ALL=C sort
} | tee seen
cat > expected <<'TEXT'
gopkg.in/evanphx/json-patch.v4 v4.13.0
[{"op":"remove","path":"/spec/ports/-1"}] Go v4: {"spec":{"ports":[80],"replicas":3}}
[{"op":"remove","path":"/spec/ports/-1"}] Go v5: {"spec":{"ports":[80],"replicas":3}}
[{"op":"remove","path":"/spec/ports/-1"}] fast-json-patch: refused
[{"op":"remove","path":"/spec/ports/-1"}] jsonpatch: refused
[{"op":"remove","path":"/spec/ports/-1"}] rfc6902: refused
[{"op":"replace","path":"/spec/paused","value":true}] Go v4: {"spec":{"paused":true,"ports":[80,443],"replicas":3}}
[{"op":"replace","path":"/spec/paused","value":true}] Go v5: refused
[{"op":"replace","path":"/spec/paused","value":true}] fast-json-patch: refused
[{"op":"replace","path":"/spec/paused","value":true}] jsonpatch: refused
[{"op":"replace","path":"/spec/paused","value":true}] rfc6902: refused
[{"op":"test","path":"/spec/paused","value":null}] Go v4: {"spec":{"ports":[80,443],"replicas":3}}
[{"op":"test","path":"/spec/paused","value":null}] Go v5: {"spec":{"ports":[80,443],"replicas":3}}
[{"op":"test","path":"/spec/paused","value":null}] fast-json-patch: refused
[{"op":"test","path":"/spec/paused","value":null}] jsonpatch: refused
[{"op":"test","path":"/spec/paused","value":null}] rfc6902: refused
[{"op":"test","path":"/spec/replicas","value":3.0}] Go v4: refused
[{"op":"test","path":"/spec/replicas","value":3.0}] Go v5: refused
[{"op":"test","path":"/spec/replicas","value":3.0}] fast-json-patch: {"spec":{"ports":[80,443],"replicas":3}}
[{"op":"test","path":"/spec/replicas","value":3.0}] jsonpatch: {"spec":{"ports":[80,443],"replicas":3}}
[{"op":"test","path":"/spec/replicas","value":3.0}] rfc6902: {"spec":{"ports":[80,443],"replicas":3}}
TEXT
diff expected seen && echo 'as recorded (json-patch 4.13.0 and 5.9.11, fast-json-patch 3.1.1, rfc6902 5.2.0, jsonpatch 1.33)'
