#!/usr/bin/env bash
# Most expect esbuild's --splitting to change where code is, and not what an import() gives.
# Seen: of a CommonJS package `await import()` gives its names in Node, in esbuild's bundle without splitting and in rolldown's; with
# splitting `default` alone, so that what was destructured is undefined, and neither the build nor the start says so.
# An action that loads a library when it needs it fails in that moment only. Here such libraries are required, in files of their own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 esbuild@0.28.2 rolldown@1.3.3 semver@7.8.6 >/dev/null 2>&1
PATH=$work/node_modules/.bin:$PATH
cat > entry.mjs <<'JS'
const library = await import('semver')
console.log(typeof library.satisfies, typeof library.default.satisfies)
JS
options=(--bundle --format=esm --platform=node --out-extension:.js=.mjs --log-level=error)
esbuild entry.mjs "${options[@]}" --outdir=whole
esbuild entry.mjs "${options[@]}" --outdir=split --splitting
rolldown entry.mjs --dir rolldown --platform node --entry-file-names '[name].mjs' --chunk-file-names '[name].mjs' >/dev/null 2>&1
for file in entry.mjs whole/entry.mjs split/entry.mjs rolldown/entry.mjs; do echo "$file: $(node "$file")"; done | tee seen
cat > expected <<'TEXT'
entry.mjs: function function
whole/entry.mjs: function function
split/entry.mjs: undefined function
rolldown/entry.mjs: function function
TEXT
diff expected seen && echo 'as recorded (esbuild 0.28.2, rolldown 1.3.3, semver 7.8.6)'
