#!/usr/bin/env bash
# Most expect `import { request } from 'node:http'` to load what `require('node:http')` loads.
# Seen: an import reads every export of a module of Node's own, lazy ones too. Among those of node:http (not of node:https) are
# WebSocket and its events, so that all of undici is compiled before the first line runs; require and process.getBuiltinModule leave
# it out. An action starts anew in each step and pays each time: 46 ms against 4 where it was found. Here bundles take Node's modules
# from the process.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 >/dev/null 2>&1
undici='process.moduleLoadList.some(name => name.includes("undici"))'
printf '%s\n' "import { request } from 'node:http'" "console.log('import of node:http:', typeof request, $undici)" > http.mjs
printf '%s\n' "import { request } from 'node:https'" "console.log('import of node:https:', typeof request, $undici)" > https.mjs
printf '%s\n' "const { request } = require('node:http')" "console.log('require:', typeof request, $undici)" > required.cjs
printf '%s\n' "const { request } = process.getBuiltinModule('node:http')" "console.log('getBuiltinModule:', typeof request, $undici)" > taken.mjs
for file in http.mjs https.mjs required.cjs taken.mjs; do node_modules/.bin/node "$file"; done | tee seen
cat > expected <<'TEXT'
import of node:http: function true
import of node:https: function false
require: function false
getBuiltinModule: function false
TEXT
diff expected seen && echo 'as recorded (Node 24.21.0: whether undici was loaded)'
