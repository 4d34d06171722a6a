#!/usr/bin/env bash
# Most expect a kubeconfig's user to be the same to every client, so that what kubectl may do says what a program may.
# Seen: of `tokenFile` beside `token` kubectl's library sends the file's, as its documentation says; the official clients for
# JavaScript and Python, kr8s and pykube-ng the other, which is never renewed. Of `exec` beside `token` kr8s alone runs the program.
# `token` beside a password is an error to kubectl and kr8s, a token to the rest. Here the file's is sent, read for each request.
set -euo pipefail
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 @kubernetes/client-node@2.0.1 >/dev/null 2>&1
PATH=$work/node_modules/.bin:$PATH
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kubernetes==37.0.2 kr8s==0.20.15 pykube-ng==23.6.0
export GOFLAGS=-mod=mod no_proxy=127.0.0.1 NO_PROXY=127.0.0.1
cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	if err == nil {
		_, err = kubernetes.NewForConfigOrDie(config).CoreV1().Namespaces().List(context.TODO(), metav1.ListOptions{})
	}
	if err != nil {
		fmt.Println("refused")
	}
}
GO
go mod init example.com/users >/dev/null 2>&1
go get k8s.io/client-go@v0.35.7 >/dev/null 2>&1
go build -o client-go . 2>/dev/null
cat > client.mjs <<'JS'
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node'
const config = new KubeConfig()
config.loadFromFile(process.argv[2])
await config.makeApiClient(CoreV1Api).listNamespace()
JS
cat > client.py <<'PY'
import sys
name, file = sys.argv[1:]
if name == 'kubernetes':
    from kubernetes import client, config
    config.load_kube_config(file)
    client.CoreV1Api().list_namespace()
elif name == 'kr8s':
    import kr8s
    list(kr8s.api(kubeconfig=file).get('namespaces'))
else:
    import pykube
    list(pykube.Namespace.objects(pykube.HTTPClient(pykube.KubeConfig.from_file(file))))
PY
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=cluster.example.com \
  -addext 'subjectAltName=IP:127.0.0.1' 2>/dev/null
cat > server.mjs <<'JS'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
const server = createServer({ key: readFileSync('key.pem'), cert: readFileSync('cert.pem') }, (request, response) => {
  appendFileSync('sent', `${request.headers.authorization}\n`)
  response.setHeader('content-type', 'application/json')
  response.end('{"kind":"NamespaceList","apiVersion":"v1","metadata":{},"items":[]}')
})
server.listen(0, '127.0.0.1', () => writeFileSync('port', String(server.address().port)))
JS
node server.mjs & server=$!
until [ -s port ]; do read -rt 0.1 < <(:) || true; done
printf from-the-file > token
printf '#!/bin/sh\necho '\''{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"from-exec"}}'\' > program
chmod +x program
ask() { # what, user
  cat > config <<YAML
{apiVersion: v1, kind: Config, current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}],
 clusters: [{name: a, cluster: {server: 'https://127.0.0.1:$(cat port)', certificate-authority: cert.pem}}], users: [{name: a, user: {token: inline, $2}}]}
YAML
  for client in ./client-go 'node client.mjs' 'venv/bin/python client.py kubernetes' 'venv/bin/python client.py kr8s' 'venv/bin/python client.py pykube'; do
    : > sent
    $client config >/dev/null 2>&1 || true
    printf '%s: %s: %s\n' "$1" "${client##* }" "$(head -1 sent | grep . || echo refused)"
  done
}
{
  ask 'tokenFile' 'tokenFile: token'
  ask 'exec' 'exec: {apiVersion: client.authentication.k8s.io/v1, command: ./program, interactiveMode: Never}'
  ask 'password' 'username: jo, password: secret'
} | sed 's/client.mjs/client-node/; s/: \.\//: /' | tee seen
cat > expected <<'TEXT'
tokenFile: client-go: Bearer from-the-file
tokenFile: client-node: Bearer inline
tokenFile: kubernetes: Bearer inline
tokenFile: kr8s: Bearer inline
tokenFile: pykube: Bearer inline
exec: client-go: Bearer inline
exec: client-node: Bearer inline
exec: kubernetes: Bearer inline
exec: kr8s: Bearer from-exec
exec: pykube: Bearer inline
password: client-go: refused
password: client-node: Bearer inline
password: kubernetes: Bearer inline
password: kr8s: refused
password: pykube: Bearer inline
TEXT
diff expected seen && echo 'as recorded (client-go 0.35.7, client-node 2.0.1, kubernetes 37.0.2, kr8s 0.20.15, pykube-ng 23.6.0)'
