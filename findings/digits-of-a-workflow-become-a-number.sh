#!/usr/bin/env bash
# Most expect an input of a workflow to reach its action as it is written, and act to show what GitHub would hand over.
# Seen: GitHub's own parser makes numbers of unquoted digits: the account 012345678901 arrives without its zero, the short commit
# 123456e7 as 1234560000000, and 123456e78901 as Infinity. act hands all of them over as written; actionlint says nothing.
# Here an account of fewer than 12 digits is refused with the words that it has to be quoted, and examples quote theirs.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOFLAGS=-mod=mod
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 esbuild@0.28.2 @actions/workflow-parser@0.3.61 >/dev/null 2>&1
mkdir -p .github/workflows
cat > .github/workflows/digits.yml <<'YAML'
on: push
jobs:
  digits:
    runs-on: ubuntu-latest
    steps:
      - uses: ./action
        with:
          account: 012345678901
          commit: 123456e7
          longer-commit: 123456e78901
          tag: 1.30
          mode: 0o17
          grouped: 1_000
          word: yes
          switch: True
YAML
mkdir action
{
  printf '%s\n' 'name: digits' 'description: Shows its inputs' 'runs: {using: node24, main: index.js}' 'inputs:'
  printf '  %s: {description: text}\n' account commit longer-commit tag mode grouped word switch
} > action/action.yml
touch action/index.js
cat > read.mjs <<'JS'
import { readFileSync } from 'node:fs'
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
const file = '.github/workflows/digits.yml'
const { context, value } = parseWorkflow({ name: file, content: readFileSync(file, 'utf8') }, new NoOperationTraceWriter())
const member = (mapping, key) => mapping.find(key)
const inputs = member(member(member(value, 'jobs'), 'digits'), 'steps').get(0).find('with')
const read = Array.from({ length: inputs.count }, (_, at) => [inputs.get(at).key.toString(), inputs.get(at).value.toString()])
console.log(`GitHub ${JSON.stringify(Object.fromEntries(read))}, ${context.errors.getErrors().length} errors`)
JS
cat > main.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/nektos/act/pkg/model"
)

func main() {
	file, _ := os.Open(".github/workflows/digits.yml")
	workflow, err := model.ReadWorkflow(file, true)
	if err != nil {
		panic(err)
	}
	with := workflow.Jobs["digits"].Steps[0].With
	for _, name := range []string{"account", "commit", "longer-commit", "tag", "mode", "grouped", "word", "switch"} {
		text, _ := json.Marshal(with[name])
		fmt.Printf("act %s %s\n", name, text)
	}
}
GO
go mod init example.com/digits >/dev/null 2>&1
go get github.com/nektos/act@v0.2.89 >/dev/null 2>&1
git init --quiet
node_modules/.bin/esbuild read.mjs --bundle --platform=node --outfile=read.cjs --log-level=error
{
  node_modules/.bin/node read.cjs
  go run .
  go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 2>/dev/null && echo 'actionlint has nothing to say'
} | tee seen
cat > expected <<'TEXT'
GitHub {"account":"12345678901","commit":"1234560000000","longer-commit":"Infinity","tag":"1.3","mode":"15","grouped":"1_000","word":"yes","switch":"true"}, 0 errors
act account "012345678901"
act commit "123456e7"
act longer-commit "123456e78901"
act tag "1.30"
act mode "0o17"
act grouped "1_000"
act word "yes"
act switch "True"
actionlint has nothing to say
TEXT
diff expected seen && echo 'as recorded (@actions/workflow-parser 0.3.61, act 0.2.89, actionlint 1.7.12)'
