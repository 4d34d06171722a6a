#!/usr/bin/env bash
# Most expect a library that reads Kubernetes' quantities to read those that Kubernetes serves, or to say that it can't.
# Seen: `156340n`, as metrics-server writes a share of a processor, is 156340 processors to kubernetes-resource-parser of npm, `1k` is
# one, and memory of `1.5Gi` or `1E3` one byte; k8s-resource-parser of npm refuses n and u, lightkube of PyPI those and `1E3`.
# Kubernetes' own libraries for Go and Python read all of them.
# Here no action computes with quantities: what a manifest asks for is handed on as it is written.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . kubernetes-resource-parser@0.1.0 k8s-resource-parser@0.2.2 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kubernetes==37.0.2 lightkube==1.0.1
printf '%s\n' 250m 156340n 15u 1k 1.5Gi 1E3 > quantities
cat > read.cjs <<'JS'
const { readFileSync } = require('node:fs')
const one = require('kubernetes-resource-parser')
const two = require('k8s-resource-parser')
const ask = (parse, text) => {
  try {
    return parse(text)
  } catch {
    return 'refused'
  }
}
for (const text of readFileSync('quantities', 'utf8').trim().split('\n'))
  for (const [name, library] of Object.entries({ 'kubernetes-resource-parser': one, 'k8s-resource-parser': two }))
    console.log(`${text}: ${name} cpu ${ask(library.cpuParser, text)} memory ${ask(library.memoryParser, text)}`)
JS
cat > read.py <<'PY'
import kubernetes.utils.quantity
import lightkube.utils.quantity


def ask(parse, text):
    try:
        return f'{parse(text):f}'
    except ValueError:
        return 'refused'


for text in open('quantities').read().split():
    official, other = (ask(library.utils.quantity.parse_quantity, text) for library in (kubernetes, lightkube))
    print(f'{text}: Kubernetes for Python {official}, lightkube {other}')
PY
cat > main.go <<'GO'
package main

import (
	"bufio"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/api/resource"
)

func main() {
	file, _ := os.Open("quantities")
	for lines := bufio.NewScanner(file); lines.Scan(); {
		quantity := resource.MustParse(lines.Text())
		fmt.Printf("%s: Kubernetes for Go %v\n", lines.Text(), quantity.AsDec())
	}
}
GO
export GOFLAGS=-mod=mod
go mod init example.com/quantities >/dev/null 2>&1
go get k8s.io/apimachinery@v0.36.3 >/dev/null 2>&1
{ go run . 2>/dev/null; venv/bin/python read.py; node read.cjs; } | tee seen
cat > expected <<'TEXT'
250m: Kubernetes for Go 0.250
156340n: Kubernetes for Go 0.000156340
15u: Kubernetes for Go 0.000015
1k: Kubernetes for Go 1000
1.5Gi: Kubernetes for Go 1610612736.000000000
1E3: Kubernetes for Go 1000
250m: Kubernetes for Python 0.250, lightkube 0.250
156340n: Kubernetes for Python 0.000156340, lightkube refused
15u: Kubernetes for Python 0.000015, lightkube refused
1k: Kubernetes for Python 1000, lightkube 1000.000
1.5Gi: Kubernetes for Python 1610612736.0, lightkube 1610612736.000
1E3: Kubernetes for Python 1000, lightkube refused
250m: kubernetes-resource-parser cpu 0.25 memory NaN
250m: k8s-resource-parser cpu 0.25 memory 0.25
156340n: kubernetes-resource-parser cpu 156340 memory NaN
156340n: k8s-resource-parser cpu refused memory refused
15u: kubernetes-resource-parser cpu 15 memory NaN
15u: k8s-resource-parser cpu refused memory refused
1k: kubernetes-resource-parser cpu 1 memory 1000
1k: k8s-resource-parser cpu 1000 memory 1000
1.5Gi: kubernetes-resource-parser cpu 1.5 memory 1
1.5Gi: k8s-resource-parser cpu 1610612736 memory 1610612736
1E3: kubernetes-resource-parser cpu 1000 memory 1
1E3: k8s-resource-parser cpu 1000 memory 1000
TEXT
diff expected seen && echo 'as recorded (kubernetes-resource-parser 0.1.0, k8s-resource-parser 0.2.2, lightkube 1.0.1, kubernetes 37.0.2, apimachinery 0.36.3)'
