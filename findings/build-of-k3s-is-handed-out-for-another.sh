#!/usr/bin/env bash
# Most expect GitHub's tool-cache to find a tool under the version that it was put away under, and no other tool under that version.
# Seen: what stands behind a `+` is dropped: k3s v1.35.0+k3s1 is handed out for v1.35.0+k3s2 and for plain 1.35.0, and the next build
# takes its folder; a version of two numbers, such as 1.34, is put away and never found. None of it is said; Kubernetes' vendors
# (k3s, RKE2) tell releases apart by nothing but that. Here kops and karmadactl have three numbers, and each is known by its hash.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . @actions/tool-cache@4.0.0 >/dev/null 2>&1
mkdir cache temp
cat > find.mjs <<'JS'
import { readFileSync, writeFileSync } from 'node:fs'
import { cacheFile, find } from '@actions/tool-cache'
const put = async version => {
  writeFileSync('binary', version)
  await cacheFile('binary', 'k3s', 'k3s', version)
  console.log(`put away ${version}`)
}
const ask = version => {
  const folder = find('k3s', version, 'x64')
  console.log(`${version}: ${folder ? readFileSync(`${folder}/k3s`, 'utf8') : 'not found'}`)
}
for (const version of ['v1.35.0+k3s1', 'v1.33.1-rc2', '1.34']) await put(version)
for (const version of ['v1.35.0+k3s1', 'v1.35.0+k3s2', '1.35.0', 'v1.33.1-rc2', '1.34', '1.34.0']) ask(version)
await put('v1.35.0+k3s2')
ask('v1.35.0+k3s1')
JS
RUNNER_TOOL_CACHE=$work/cache RUNNER_TEMP=$work/temp RUNNER_ARCH=X64 node find.mjs | grep -v '^::debug::' | tee seen
cat > expected <<'TEXT'
put away v1.35.0+k3s1
put away v1.33.1-rc2
put away 1.34
v1.35.0+k3s1: v1.35.0+k3s1
v1.35.0+k3s2: v1.35.0+k3s1
1.35.0: v1.35.0+k3s1
v1.33.1-rc2: v1.33.1-rc2
1.34: not found
1.34.0: not found
put away v1.35.0+k3s2
v1.35.0+k3s1: v1.35.0+k3s2
TEXT
diff expected seen && echo 'as recorded (@actions/tool-cache 4.0.0)'
