#!/usr/bin/env bash
# Most expect Renovate to propose the next tag for `uses: o/r/actions/a@a/v1.2.3`, as it does for `@v1.2.3`, or to say that it won't.
# Seen: a ref that does not begin like a version is taken for a branch: versioning `exact`, datasource github-digest, under which
# a/v1.3.0 is no later than a/v1.2.3, for SHA pins with such a comment and reusable workflows too. It gives no reason for skipping.
# Here tags are of this form, one line of versions for each action: renovate-preset.json teaches Renovate to compare them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . renovate@44.121.2 >/dev/null 2>&1
mkdir runtime
npm install --silent --no-audit --no-fund --prefix runtime node@24.21.0 >/dev/null 2>&1
mkdir -p project/.github/workflows
cd project
git init --quiet
cat > .github/workflows/deploy.yml <<'YAML'
on: push
jobs:
  steps:
    runs-on: self-hosted
    steps:
      - uses: o/r/actions/a@v1.2.3
      - uses: o/r/actions/a@a/v1.2.3
      - uses: o/r/actions/a@0123456789012345678901234567890123456789 # a/v1.2.3
  called:
    uses: o/r/.github/workflows/a.yml@a/v1.2.3
YAML
git add .
renovate=../node_modules/renovate/dist
env -i PATH="$PATH" HOME="$work" LOG_FORMAT=json LOG_LEVEL=info ../runtime/node_modules/.bin/node $renovate/renovate.js --platform=local \
  --dry-run=extract --onboarding=false --require-config=ignored > ../log 2>/dev/null
cat > ../compare.mjs <<JS
import { get } from './node_modules/renovate/dist/modules/versioning/index.js'
for (const [name, old, next] of [['github-actions', 'v1.2.3', 'v1.3.0'], ['exact', 'a/v1.2.3', 'a/v1.3.0']])
  console.log(name, next, 'is later than', old, get(name).isGreaterThan(next, old))
JS
{
  jq -r '.packageFiles."github-actions"[0].deps[]? | "\(.depType) \(.depName) \(.currentValue): \(.datasource), \(.versioning)"' ../log
  ../runtime/node_modules/.bin/node ../compare.mjs 2>/dev/null | grep 'later'
} | tee ../seen
cat > ../expected <<'TEXT'
action o/r v1.2.3: github-tags, github-actions
action o/r a/v1.2.3: github-digest, exact
action o/r a/v1.2.3: github-digest, exact
workflow o/r a/v1.2.3: github-digest, exact
github-actions v1.3.0 is later than v1.2.3 true
exact a/v1.3.0 is later than a/v1.2.3 false
TEXT
diff ../expected ../seen && echo 'as recorded (renovate 44.121.2)'
