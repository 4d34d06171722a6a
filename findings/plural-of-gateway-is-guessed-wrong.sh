#!/usr/bin/env bash
# Most expect Kubernetes' own libraries to find from a kind, such as the Gateway API's Gateway, the path that API servers serve.
# Seen: apimachinery's guess, with which client-go's fake clients work, is `gatewaies`, and `podmetricses` for PodMetrics, served as
# `pods`; kr8s of PyPI puts an s behind anything: `networkpolicys`, `ingresss`. No guess fails before the server says 404.
# Here the path of a kind is what the API server's discovery says, and the lab serves only what its definitions name.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kr8s==0.20.15
export GOFLAGS=-mod=mod
cat > main.go <<'GO'
package main

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func main() {
	for _, kind := range []string{"Gateway", "NetworkPolicy", "Ingress", "Endpoints", "PodMetrics"} {
		plural, _ := meta.UnsafeGuessKindToResource(schema.GroupVersionKind{Kind: kind})
		fmt.Println("apimachinery", kind, plural.Resource)
	}
}
GO
go mod init example.com/plurals >/dev/null 2>&1
go get k8s.io/apimachinery@v0.35.7 >/dev/null 2>&1
cat > guess.py <<'PY'
from kr8s.objects import new_class
for kind in ('Gateway', 'NetworkPolicy', 'Ingress', 'Endpoints', 'PodMetrics'):
    print('kr8s', kind, new_class(kind, version='example.com/v1').endpoint)
PY
{ go run . 2>/dev/null; venv/bin/python guess.py; } | tee seen
cat > expected <<'TEXT'
apimachinery Gateway gatewaies
apimachinery NetworkPolicy networkpolicies
apimachinery Ingress ingresses
apimachinery Endpoints endpoints
apimachinery PodMetrics podmetricses
kr8s Gateway gateways
kr8s NetworkPolicy networkpolicys
kr8s Ingress ingresss
kr8s Endpoints endpointss
kr8s PodMetrics podmetricss
TEXT
diff expected seen && echo 'as recorded (apimachinery 0.35.7, kr8s 0.20.15)'
