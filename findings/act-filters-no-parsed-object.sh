#!/usr/bin/env bash
# Most expect an expression that works under act to give the same on GitHub, and the other way round.
# Seen: `.*.` over an object from fromJSON gives its values to GitHub's evaluator, and nothing but null to act's, without an error,
# whereas `needs.*.result` works in both; act's toJSON sorts the keys and writes `&` as \u0026; `1 < 2 == true` is false to it.
# Here outputs are JSON objects by alias: workflows look at them member by member, since they are tried with act.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 @actions/expressions@0.3.61 >/dev/null 2>&1
export GOFLAGS=-mod=mod
cat > expressions <<'TXT'
join(fromJSON('{"usa":{"region":"us-east-1"},"eur":{"region":"eu-west-1"}}').*.region)
contains(fromJSON('{"usa":{"region":"us-east-1"}}').*.region, 'us-east-1')
join(fromJSON('[{"region":"us-east-1"},{"region":"eu-west-1"}]').*.region)
join(needs.*.result)
toJSON(fromJSON('{"usa":"a&b","eur":"c"}'))
1 < 2 == true
TXT
cat > main.go <<'GO'
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"github.com/nektos/act/pkg/exprparser"
)

func main() {
	needs := map[string]exprparser.Needs{"a": {Result: "success"}, "b": {Result: "failure"}}
	act := exprparser.NewInterpeter(&exprparser.EvaluationEnvironment{Needs: needs}, exprparser.Config{})
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		value, err := act.Evaluate(lines.Text(), exprparser.DefaultStatusCheckNone)
		if err != nil {
			panic(err)
		}
		os.Stdout.WriteString("act ")
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetEscapeHTML(false)
		encoder.Encode(value)
	}
}
GO
go mod init example.com/expressions >/dev/null 2>&1
go get github.com/nektos/act@v0.2.89 >/dev/null 2>&1
cat > evaluate.mjs <<'JS'
import { readFileSync } from 'node:fs'
import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
const result = value => new data.Dictionary({ key: 'result', value: new data.StringData(value) })
const needs = new data.Dictionary({ key: 'a', value: result('success') }, { key: 'b', value: result('failure') })
const context = new data.Dictionary({ key: 'needs', value: needs })
for (const text of readFileSync('expressions', 'utf8').trim().split('\n')) {
  const tree = new Parser(new Lexer(text).lex().tokens, ['needs'], []).parse()
  console.log(`GitHub ${JSON.stringify(new Evaluator(tree, context).evaluate(), data.replacer)}`)
}
JS
{ node_modules/.bin/node evaluate.mjs; go run . < expressions 2>/dev/null; } | tee seen
cat > expected <<'TEXT'
GitHub "us-east-1,eu-west-1"
GitHub true
GitHub "us-east-1,eu-west-1"
GitHub "success,failure"
GitHub "{\n  \"usa\": \"a&b\",\n  \"eur\": \"c\"\n}"
GitHub true
act ","
act false
act "us-east-1,eu-west-1"
act "success,failure"
act "{\n  \"eur\": \"c\",\n  \"usa\": \"a\\u0026b\"\n}"
act false
TEXT
diff expected seen && echo 'as recorded (@actions/expressions 0.3.61, act 0.2.89)'
