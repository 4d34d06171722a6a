#!/usr/bin/env bash
# Most expect that a string which Kubernetes' Go tools write as YAML is a string to whoever reads it.
# Seen: sigs.k8s.io/yaml 1.6.0 quotes `3e45`, but not `3e4567`, too large for a float64 (a short commit hash of digits
# around an e): npm's yaml and ruamel.yaml read Infinity, PyYAML and js-yaml text. kops and kustomize write labels with it.
# Here labels of a cluster say whose it is: they are read without any guessing of types.
set -euo pipefail
cd "$(mktemp -d)"
export GOFLAGS=-mod=mod
cat > main.go <<'GO'
package main

import (
	"fmt"

	"sigs.k8s.io/yaml"
)

func main() {
	text, err := yaml.Marshal(map[string]string{"commit": "3e4567", "other": "3e45"})
	if err != nil {
		panic(err)
	}
	fmt.Print(string(text))
}
GO
go mod init example.com/labels >/dev/null 2>&1
go get sigs.k8s.io/yaml@v1.6.0 >/dev/null 2>&1
go run . > labels.yaml
npm install --silent --no-audit --no-fund --prefix . yaml@2.9.1 js-yaml@5.5.0 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyYAML==6.0.4 ruamel.yaml==0.19.1
cat > read.mjs <<'JS'
import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { parse } from 'yaml'
const text = readFileSync('labels.yaml', 'utf8')
const say = (reader, { commit, other }) => console.log(`${reader}: ${typeof commit} ${commit}, ${typeof other} ${other}`)
say('npm yaml', parse(text))
say('npm yaml, failsafe', parse(text, { schema: 'failsafe' }))
say('js-yaml', load(text))
JS
cat > read.py <<'PY'
import ruamel.yaml, yaml
text = open('labels.yaml').read()
for reader, read in (('PyYAML', yaml.safe_load(text)), ('ruamel.yaml', ruamel.yaml.YAML(typ='safe').load(text))):
    print(f"{reader}: {type(read['commit']).__name__} {read['commit']}, {type(read['other']).__name__} {read['other']}")
PY
{ cat labels.yaml; node read.mjs; venv/bin/python read.py; } | tee seen
cat > expected <<'TEXT'
commit: 3e4567
other: "3e45"
npm yaml: number Infinity, string 3e45
npm yaml, failsafe: string 3e4567, string 3e45
js-yaml: string 3e4567, string 3e45
PyYAML: str 3e4567, str 3e45
ruamel.yaml: float inf, str 3e45
TEXT
diff expected seen && echo "as recorded (sigs.k8s.io/yaml 1.6.0, yaml 2.9.1, js-yaml 5.5.0, PyYAML 6.0.4, ruamel.yaml 0.19.1)"
