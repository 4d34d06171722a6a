#!/usr/bin/env bash
# Most expect the official clients to read KUBECONFIG=first:second as kubectl does: the first wins, missing files are passed over.
# Seen: Go's (kubectl) and Python's do; the client for JavaScript fails on a name that both files have, and on a missing file.
# Two runs that each bring a `usa` make such a list. Here the files are merged by kubectl's rule before that client sees them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 @kubernetes/client-node@2.0.1 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kubernetes==36.0.2
export GOFLAGS=-mod=mod
cat > main.go <<'GO'
package main

import (
	"fmt"

	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	rules, none := clientcmd.NewDefaultClientConfigLoadingRules(), &clientcmd.ConfigOverrides{}
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, none).ClientConfig()
	if err != nil {
		panic(err)
	}
	fmt.Println("Go", config.Host)
}
GO
go mod init example.com/ask >/dev/null 2>&1
go get k8s.io/client-go@v0.35.7 >/dev/null 2>&1
go build -o ask . 2>/dev/null
cat > ask.mjs <<'JS'
import { KubeConfig } from '@kubernetes/client-node'
const config = new KubeConfig()
try {
  config.loadFromDefault()
  console.log('JavaScript', config.getCurrentCluster().server)
} catch (error) {
  console.log('JavaScript', error.message)
}
JS
cat > ask.py <<'PY'
import os
from kubernetes import client, config
found = client.Configuration()
config.load_kube_config(config_file=os.environ['KUBECONFIG'], client_configuration=found)
print('Python', found.host)
PY
for name in first second; do
  cat > $name <<YAML
apiVersion: v1
kind: Config
current-context: usa
clusters: [{name: usa, cluster: {server: https://$name.invalid}}]
users: [{name: usa, user: {token: t}}]
contexts: [{name: usa, context: {cluster: usa, user: usa}}]
YAML
done
for list in first:second missing:second; do
  export KUBECONFIG=$list
  { ./ask; node_modules/.bin/node ask.mjs; venv/bin/python ask.py; } | sed "s/^/$list: /"
done | tee seen
cat > expected <<'TXT'
first:second: Go https://first.invalid
first:second: JavaScript Duplicate cluster: usa
first:second: Python https://first.invalid
missing:second: Go https://second.invalid
missing:second: JavaScript ENOENT: no such file or directory, open 'missing'
missing:second: Python https://second.invalid
TXT
diff expected seen && echo 'as recorded (client-go 0.35.7, @kubernetes/client-node 2.0.1, kubernetes 36.0.2 of PyPI)'
