#!/usr/bin/env bash
# Most expect the .env file that an app is started with at a desk to give a Secret with the same values, by kustomize's `envs`.
# Seen: kustomize keeps quotes, a comment behind a value and `\n` as they stand, and makes keys of `export REGION` and `ZONE `, which it
# hands on although no API server takes them; a name alone becomes an empty value. dotenv, Node and python-dotenv agree with each
# other. A password with its quotes fails in the cluster only, and names no cause.
# Here a folder with a kustomization is rendered by kubectl as it stands, and its Secrets are sent as they were rendered.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 dotenv@18.0.10 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-dotenv==1.2.1
printf '%s\n' 'PASSWORD="two words"' "USER_NAME='shop'" 'HOST=db.example.com # primary' 'LINES="a\nb"' 'export REGION=eu-west-1' 'ZONE = b' \
  'DEBUG' > app.env
cat > kustomization.yaml <<'YAML'
secretGenerator:
  - {name: app, envs: [app.env]}
YAML
cat > main.go <<'GO'
package main

import (
	"encoding/base64"
	"fmt"

	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func main() {
	result, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), ".")
	if err != nil {
		panic(err)
	}
	for key, value := range result.Resources()[0].GetDataMap() {
		text, _ := base64.StdEncoding.DecodeString(value)
		fmt.Printf("kustomize %q: %q, refused as a key: %v\n", key, text, len(validation.IsConfigMapKey(key)) > 0)
	}
}
GO
export GOFLAGS=-mod=mod
go mod init example.com/env >/dev/null 2>&1
go get sigs.k8s.io/kustomize/api@v0.20.1 sigs.k8s.io/kustomize/kyaml@v0.20.1 k8s.io/apimachinery@v0.36.3 >/dev/null 2>&1
cat > read.cjs <<'JS'
const { readFileSync } = require('node:fs')
const { parseEnv } = require('node:util')
const { parse } = require('dotenv')
const text = readFileSync('app.env', 'utf8')
for (const [name, read] of Object.entries({ dotenv: parse, node: parseEnv }))
  console.log(name, JSON.stringify(Object.fromEntries(Object.entries(read(text)).sort())))
JS
cat > read.py <<'PY'
import json
from dotenv import dotenv_values
print('python-dotenv', json.dumps(dotenv_values('app.env'), sort_keys=True, separators=(',', ':')))
PY
{ go run . 2>/dev/null | LC_ALL=C sort; node_modules/.bin/node read.cjs; venv/bin/python read.py; } | tee seen
cat > expected <<'TEXT'
kustomize "DEBUG": "", refused as a key: false
kustomize "HOST": "db.example.com # primary", refused as a key: false
kustomize "LINES": "\"a\\nb\"", refused as a key: false
kustomize "PASSWORD": "\"two words\"", refused as a key: false
kustomize "USER_NAME": "'shop'", refused as a key: false
kustomize "ZONE ": " b", refused as a key: true
kustomize "export REGION": "eu-west-1", refused as a key: true
dotenv {"HOST":"db.example.com","LINES":"a\nb","PASSWORD":"two words","REGION":"eu-west-1","USER_NAME":"shop","ZONE":"b"}
node {"HOST":"db.example.com","LINES":"a\nb","PASSWORD":"two words","REGION":"eu-west-1","USER_NAME":"shop","ZONE":"b"}
python-dotenv {"DEBUG":null,"HOST":"db.example.com","LINES":"a\nb","PASSWORD":"two words","REGION":"eu-west-1","USER_NAME":"shop","ZONE":"b"}
TEXT
diff expected seen && echo 'as recorded (kustomize/api 0.20.1, of kustomize 5.7.1; dotenv 18.0.10, node 24.21.0, python-dotenv 1.2.1)'
