#!/usr/bin/env bash
# Most expect kubectl to read every document of a valid YAML file, or to say which it cannot read.
# Seen: documents that are parted by `...`, YAML's own end marker, lose all but the first without a word; content on the line of
# `---` and a %YAML line are refused. npm's yaml reads all of them; PyYAML, which knows YAML 1.1 only, says what it cannot.
# Here manifests are parsed whole: what kubectl would leave out is deployed, and what is broken is named with its file.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . yaml@2.9.1 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyYAML==6.0.4
export GOFLAGS=-mod=mod
printf 'name: a\n...\nname: b\n...\n' > dots.yaml
printf -- '--- {name: a}\n--- {name: b}\n' > same-line.yaml
printf '%%YAML 1.1\n---\nname: a\n' > directive.yaml
printf 'name: a\n--- # second\nname: b\n' > comment.yaml
cat > main.go <<'GO'
package main

import (
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/util/yaml"
)

func main() {
	for _, path := range os.Args[1:] {
		file, _ := os.Open(path)
		fmt.Printf("kubectl %s:", path)
		for decoder := yaml.NewYAMLOrJSONDecoder(file, 4096); ; {
			var document struct{ Name string }
			err := decoder.Decode(&document)
			if err == io.EOF {
				break
			}
			if err != nil {
				fmt.Print(" refused")
				break
			}
			fmt.Print(" ", document.Name)
		}
		fmt.Println()
	}
}
GO
go mod init example.com/documents >/dev/null 2>&1
go get k8s.io/apimachinery@v0.35.7 >/dev/null 2>&1
cat > read.mjs <<'JS'
import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
for (const path of process.argv.slice(2)) {
  const documents = parseAllDocuments(readFileSync(path, 'utf8'))
  console.log(`npm yaml ${path}: ${documents.map(document => document.toJS().name).join(' ')}`)
}
JS
cat > read.py <<'PY'
import sys, yaml
for path in sys.argv[1:]:
    print(f'PyYAML {path}:', end='')
    try:
        for document in yaml.safe_load_all(open(path)):
            print('', document['name'], end='')
    except yaml.YAMLError:
        print(' refused', end='')
    print()
PY
files=(dots.yaml same-line.yaml directive.yaml comment.yaml)
{ go run . "${files[@]}" 2>/dev/null; node read.mjs "${files[@]}"; venv/bin/python read.py "${files[@]}"; } | tee seen
cat > expected <<'TEXT'
kubectl dots.yaml: a
kubectl same-line.yaml: refused
kubectl directive.yaml: refused
kubectl comment.yaml: a b
npm yaml dots.yaml: a b
npm yaml same-line.yaml: a b
npm yaml directive.yaml: a
npm yaml comment.yaml: a b
PyYAML dots.yaml: a refused
PyYAML same-line.yaml: a b
PyYAML directive.yaml: a
PyYAML comment.yaml: a b
TEXT
diff expected seen && echo 'as recorded (apimachinery 0.35.7, yaml 2.9.1, PyYAML 6.0.4)'
