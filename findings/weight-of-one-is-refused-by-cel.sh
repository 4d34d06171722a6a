#!/usr/bin/env bash
# Most expect the CEL rules of a CustomResourceDefinition to be checkable by the CEL libraries of npm and PyPI before a cluster sees them.
# Seen: Kubernetes types a number by its schema, the libraries by what a JSON reader left of it: in JavaScript all are doubles, and
# `replicas % 2 == 1` has no overload; in Python `weight: 1` is an integer, and `weight * 2.0` an error, to cel-python `weight < 1.5`
# too. cel-js of npm has doubles alone: 3 / 2 is not 1. With the types of a schema every rule is true.
# Here the lab takes such rules and carries none of them out, and says so, rather than by a library that judges otherwise.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . cel-js@0.8.2 @marcbachmann/cel-js@8.0.0 @bufbuild/cel@0.6.1 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cel-python==0.5.0 common-expression-language==0.10.0
echo '{"self": {"replicas": 3, "weight": 1}}' > object.json
printf '%s\n' 'self.replicas % 2 == 1' 'self.replicas + 1 <= 5' 'self.replicas / 2 == 1' \
  'self.weight < 1.5' 'self.weight + 0.5 < 2.0' 'self.weight * 2.0 <= 5.0' > rules
cat > check.mjs <<'JS'
import { readFileSync } from 'node:fs'
import { run } from '@bufbuild/cel'
import { evaluate } from '@marcbachmann/cel-js'
import { evaluate as simple } from 'cel-js'
const read = JSON.parse(readFileSync('object.json', 'utf8'))
const typed = { self: { replicas: 3n, weight: 1 } }
const ask = (library, rule, object) => {
  try {
    const value = library(rule, object)
    return typeof value === 'boolean' ? value : 'refused'
  } catch {
    return 'refused'
  }
}
for (const rule of readFileSync('rules', 'utf8').trim().split('\n')) {
  const [buf, marc, plain] = [run, evaluate, simple].map(library => ask(library, rule, read))
  console.log(`${rule}: @bufbuild/cel ${buf}, @marcbachmann/cel-js ${marc}, cel-js ${plain}, typed ${ask(run, rule, typed)}`)
}
JS
cat > check.py <<'PY'
import json
import cel
import celpy
read = json.load(open('object.json'))
typed = {'self': celpy.celtypes.MapType({'replicas': celpy.celtypes.IntType(3), 'weight': celpy.celtypes.DoubleType(1)})}
environment = celpy.Environment()


def ask(evaluate):
    try:
        return str(bool(evaluate())).lower()
    except (celpy.CELEvalError, TypeError, ValueError, RuntimeError):
        return 'refused'


for rule in open('rules').read().splitlines():
    program = environment.program(environment.compile(rule))
    plain = ask(lambda: program.evaluate({'self': celpy.json_to_cel(read['self'])}))
    rust = ask(lambda: cel.evaluate(rule, read))
    print(f'{rule}: cel-python {plain}, common-expression-language {rust}, typed {ask(lambda: program.evaluate(typed))}')
PY
{ node check.mjs; venv/bin/python check.py; } | tee seen
cat > expected <<'TEXT'
self.replicas % 2 == 1: @bufbuild/cel refused, @marcbachmann/cel-js refused, cel-js true, typed true
self.replicas + 1 <= 5: @bufbuild/cel refused, @marcbachmann/cel-js refused, cel-js true, typed true
self.replicas / 2 == 1: @bufbuild/cel refused, @marcbachmann/cel-js refused, cel-js false, typed true
self.weight < 1.5: @bufbuild/cel true, @marcbachmann/cel-js true, cel-js true, typed true
self.weight + 0.5 < 2.0: @bufbuild/cel true, @marcbachmann/cel-js true, cel-js true, typed true
self.weight * 2.0 <= 5.0: @bufbuild/cel true, @marcbachmann/cel-js true, cel-js true, typed true
self.replicas % 2 == 1: cel-python true, common-expression-language true, typed true
self.replicas + 1 <= 5: cel-python true, common-expression-language true, typed true
self.replicas / 2 == 1: cel-python true, common-expression-language true, typed true
self.weight < 1.5: cel-python refused, common-expression-language true, typed true
self.weight + 0.5 < 2.0: cel-python refused, common-expression-language refused, typed true
self.weight * 2.0 <= 5.0: cel-python refused, common-expression-language refused, typed true
TEXT
diff expected seen && echo 'as recorded (cel-js 0.8.2, @marcbachmann/cel-js 8.0.0, @bufbuild/cel 0.6.1, cel-python 0.5.0, common-expression-language 0.10.0)'
