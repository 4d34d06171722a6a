#!/usr/bin/env bash
# Most expect `[?!Config.PrivateZone]` in an `aws … --query` to keep the zones that are not private.
# Seen: JMESPath reads it as `(!Config).PrivateZone`, a field of a boolean: null for each zone, an empty list, no error and exit
# code 0, in the library of the aws CLI and in that for JavaScript alike. With parentheses it is as meant.
# Here it would tell a user that his domain has no public hosted zone: our page has the parentheses.
set -euo pipefail
cd "$(mktemp -d)"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jmespath==1.1.0
npm install --silent --no-audit --no-fund --prefix . jmespath@0.16.0 >/dev/null 2>&1

cat > zones.json <<'JSON'
{"HostedZones": [
  {"Id": "/hostedzone/ZPUBLIC", "Config": {"PrivateZone": false}},
  {"Id": "/hostedzone/ZPRIVATE", "Config": {"PrivateZone": true}}]}
JSON
cat > queries.txt <<'TXT'
HostedZones[?!Config.PrivateZone].Id
HostedZones[?!(Config.PrivateZone)].Id
HostedZones[?Config.PrivateZone==`false`].Id
HostedZones[?!Config.PrivateZone==`true`].Id
TXT
cat > ask.py <<'PY'
import json, jmespath
zones = json.load(open('zones.json'))
for query in open('queries.txt').read().split('\n')[:-1]:
    print(query, json.dumps(jmespath.search(query, zones)))
PY
cat > ask.cjs <<'JS'
const { readFileSync } = require('node:fs')
const { search } = require('jmespath')
const zones = JSON.parse(readFileSync('zones.json', 'utf8'))
for (const query of readFileSync('queries.txt', 'utf8').split('\n').slice(0, -1))
  console.log(query, JSON.stringify(search(zones, query)))
JS
cat > expected.txt <<'TXT'
HostedZones[?!Config.PrivateZone].Id []
HostedZones[?!(Config.PrivateZone)].Id ["/hostedzone/ZPUBLIC"]
HostedZones[?Config.PrivateZone==`false`].Id ["/hostedzone/ZPUBLIC"]
HostedZones[?!Config.PrivateZone==`true`].Id []
TXT
venv/bin/python ask.py | tee python.txt
node ask.cjs > javascript.txt
diff python.txt expected.txt
diff javascript.txt expected.txt
echo 'as recorded: jmespath 1.1.0 (Python) and 0.16.0 (JavaScript)'
