#!/usr/bin/env bash
# Most expect readers of Terraform's language to give a string as it is: without its quotes, `$${aws:username}` as `${aws:username}`.
# Seen: python-hcl2 keeps the quotes on strings and on names of blocks, escapes as they stand, a heredoc's marker and `1e3` as an
# expression; @cdktf/hcl2json keeps `$${`; hcl2-parser resolves it, so that an IAM variable cannot be told from a reference.
# Here policies are files of JSON, which Terraform fills in and the checks read without any reader of its language.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . @cdktf/hcl2json@0.21.0 hcl2-parser@1.0.3 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-hcl2==8.1.4
cat > main.tf <<'HCL'
resource "aws_iam_policy" "own" {
  name     = "say \"hi\""
  variable = "$${aws:username}"
  expanded = "${var.name}"
  plain    = var.name
  number   = 1e3
  text     = <<-EOT
    a
      b
  EOT
}
HCL
cat > read.cjs <<'JS'
const { readFileSync } = require('node:fs')
const text = readFileSync('main.tf', 'utf8')
const say = (reader, { resource }) => {
  for (const [name, value] of Object.entries(resource.aws_iam_policy.own[0]).sort()) console.log(reader, name, JSON.stringify(value))
}
require('@cdktf/hcl2json').parse('main.tf', text).then(value => {
  say('hcl2json', value)
  say('hcl2-parser', require('hcl2-parser').parseToObject(text)[0])
})
JS
cat > read.py <<'PY'
import hcl2, json
block, = hcl2.load(open('main.tf'))['resource']
(kind, names), = block.items()
(name, values), = ((key, value) for key, value in names.items())
print('python-hcl2 names', kind, name)
for field in sorted(values):
    if not field.startswith('__'):
        print('python-hcl2', field, json.dumps(values[field]))
PY
{ node read.cjs; venv/bin/python read.py; } | tee seen
cat > expected <<'TEXT'
hcl2json expanded "${var.name}"
hcl2json name "say \"hi\""
hcl2json number 1000
hcl2json plain "${var.name}"
hcl2json text "a\n  b\n"
hcl2json variable "$${aws:username}"
hcl2-parser expanded "${var.name}"
hcl2-parser name "say \"hi\""
hcl2-parser number 1000
hcl2-parser plain "${var.name}"
hcl2-parser text "a\n  b\n"
hcl2-parser variable "${aws:username}"
python-hcl2 names "aws_iam_policy" "own"
python-hcl2 expanded "\"${var.name}\""
python-hcl2 name "\"say \\\"hi\\\"\""
python-hcl2 number "${1e3}"
python-hcl2 plain "${var.name}"
python-hcl2 text "\"<<-EOT\n    a\n      b\n  EOT\""
python-hcl2 variable "\"$${aws:username}\""
TEXT
diff expected seen && echo 'as recorded (@cdktf/hcl2json 0.21.0, hcl2-parser 1.0.3, python-hcl2 8.1.4)'
