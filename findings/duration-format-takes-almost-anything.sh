#!/usr/bin/env bash
# Most expect `format: duration` of a CustomResourceDefinition to mean Go's durations, as metav1.Duration does, or ISO 8601's.
# Seen: Kubernetes' check takes any text with a whole number and a unit in it: `3 weeks`, `in 5 min or so`, ISO's month `P1M`
# as a minute, `1.5 hours` as five; metav1.Duration refuses those, and ajv-formats, which knows ISO only, what Go's users write.
# Here the lab's API servers take what Kubernetes' do: a controller still has to doubt such a field.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . ajv@8.20.0 ajv-formats@3.0.1 >/dev/null 2>&1
export GOFLAGS=-mod=mod
printf '%s\n' 1h30m PT5M P1M '3 weeks' 'in 5 min or so' '1.5 hours' 90 > texts
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
)

func main() {
	texts, _ := os.ReadFile("texts")
	for _, text := range strings.Split(strings.TrimSpace(string(texts)), "\n") {
		format, checked := strfmt.ParseDuration(text)
		typed := (&metav1.Duration{}).UnmarshalJSON([]byte(`"` + text + `"`))
		fmt.Printf("%s: format %t %s, metav1.Duration %t\n", text, checked == nil, format, typed == nil)
	}
}
GO
go mod init example.com/durations >/dev/null 2>&1
go get k8s.io/apimachinery@v0.35.7 k8s.io/kube-openapi@v0.0.0-20250910181357-589584f1c912 >/dev/null 2>&1
go run . 2>/dev/null > kubernetes
cat > check.cjs <<'JS'
const { readFileSync } = require('node:fs')
const Ajv = require('ajv').default
const ajv = new Ajv()
require('ajv-formats').default(ajv)
const check = ajv.compile({ type: 'string', format: 'duration' })
for (const text of readFileSync('texts', 'utf8').trim().split('\n')) console.log(`ajv ${check(text)}`)
JS
node check.cjs > ajv
paste -d, kubernetes ajv | tee seen
cat > expected <<'TEXT'
1h30m: format true 1h30m0s, metav1.Duration true,ajv false
PT5M: format true 5m0s, metav1.Duration false,ajv true
P1M: format true 1m0s, metav1.Duration false,ajv true
3 weeks: format true 504h0m0s, metav1.Duration false,ajv false
in 5 min or so: format true 5m0s, metav1.Duration false,ajv false
1.5 hours: format true 5h0m0s, metav1.Duration false,ajv false
90: format false 0s, metav1.Duration false,ajv false
TEXT
diff expected seen && echo 'as recorded (kube-openapi of Kubernetes 1.35, apimachinery 0.35.7, ajv 8.20.0, ajv-formats 3.0.1)'
