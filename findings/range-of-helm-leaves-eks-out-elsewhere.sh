#!/usr/bin/env bash
# Most expect a range of Kubernetes versions that a Helm chart states, `>=1.25.0-0 <1.36.0-0`, to hold the same versions in npm.
# Seen: to Helm's library the `-0` lets EKS's 1.29.3-eks-1 in; npm's semver and Python's semantic-version leave it out, since to them
# a pre-release counts beside its own three numbers only; to all of them EKS's 1.29.3 comes before 1.29.3, to Kubernetes' own it is one.
# Here versions of clusters are compared by their numbers, and what a vendor writes behind them has no say.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . semver@7.8.6 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check semantic-version==2.10.0
export GOFLAGS=-mod=mod
printf '%s\n' '>=1.25.0-0 <1.36.0-0' '>=1.25.0' '>=1.29.3-0' > ranges
cat > main.go <<'GO'
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/Masterminds/semver/v3"
	"k8s.io/apimachinery/pkg/util/version"
)

func main() {
	eks, plain := semver.MustParse("1.29.3-eks-1"), semver.MustParse("1.29.3")
	file, _ := os.Open("ranges")
	for lines := bufio.NewScanner(file); lines.Scan(); {
		constraint, err := semver.NewConstraint(lines.Text())
		if err != nil {
			panic(err)
		}
		fmt.Println("Helm", lines.Text(), constraint.Check(eks))
	}
	fmt.Println("Helm earlier than 1.29.3", eks.LessThan(plain))
	generic := version.MustParseGeneric("v1.29.3-eks-1")
	fmt.Println("Kubernetes earlier than 1.29.3", generic.LessThan(version.MustParseGeneric("v1.29.3")))
}
GO
go mod init example.com/ranges >/dev/null 2>&1
go get github.com/Masterminds/semver/v3@v3.5.0 k8s.io/apimachinery@v0.35.7 >/dev/null 2>&1
cat > check.cjs <<'JS'
const { readFileSync } = require('node:fs')
const { lt, satisfies } = require('semver')
for (const range of readFileSync('ranges', 'utf8').trim().split('\n')) console.log('npm', range, satisfies('1.29.3-eks-1', range))
console.log('npm earlier than 1.29.3', lt('1.29.3-eks-1', '1.29.3'))
JS
cat > check.py <<'PY'
from semantic_version import NpmSpec, Version
eks = Version('1.29.3-eks-1')
for text in open('ranges').read().split('\n')[:-1]:
    print('Python', text, str(eks in NpmSpec(text)).lower())
print('Python earlier than 1.29.3', str(eks < Version('1.29.3')).lower())
PY
{ go run . 2>/dev/null; node check.cjs; venv/bin/python check.py; } | tee seen
cat > expected <<'TEXT'
Helm >=1.25.0-0 <1.36.0-0 true
Helm >=1.25.0 false
Helm >=1.29.3-0 true
Helm earlier than 1.29.3 true
Kubernetes earlier than 1.29.3 false
npm >=1.25.0-0 <1.36.0-0 false
npm >=1.25.0 false
npm >=1.29.3-0 true
npm earlier than 1.29.3 true
Python >=1.25.0-0 <1.36.0-0 false
Python >=1.25.0 false
Python >=1.29.3-0 true
Python earlier than 1.29.3 true
TEXT
diff expected seen && echo 'as recorded (Masterminds/semver 3.5.0, apimachinery 0.35.7, semver 7.8.6 of npm, semantic-version 2.10.0)'
