#!/usr/bin/env bash
# Most expect kustomize's commonLabels to mark what is rendered, and to leave alone whom it names outside of that.
# Seen: in a NetworkPolicy it adds the label to the peers as well, so that pods of other teams, which do not bear it, are not let in
# any more, while the selector of a custom resource keeps finding the pods of before; `labels:` changes no selector at all.
# Here a folder with a kustomization is rendered by kubectl as it stands, and labels of ours are put on without kustomize.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOFLAGS=-mod=mod
cat > main.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

const objects = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: allow}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {matchLabels: {app: probe-of-others}}}]}]
---
apiVersion: example.com/v1
kind: Rollout
metadata: {name: custom}
spec: {selector: {matchLabels: {app: web}}}
`

func main() {
	for _, field := range []string{"commonLabels: {team: a}", "labels: [{pairs: {team: a}}]"} {
		files := filesys.MakeFsInMemory()
		_ = files.WriteFile("objects.yaml", []byte(objects))
		_ = files.WriteFile("kustomization.yaml", []byte("resources: [objects.yaml]\n"+field+"\n"))
		rendered, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(files, ".")
		if err != nil {
			panic(err)
		}
		for _, object := range rendered.Resources() {
			fields, _ := object.Map()
			spec, _ := json.Marshal(fields["spec"])
			fmt.Printf("%s: %s %s\n", field, object.GetKind(), spec)
		}
	}
}
GO
go mod init example.com/labels >/dev/null 2>&1
go get sigs.k8s.io/kustomize/api@v0.20.1 sigs.k8s.io/kustomize/kyaml@v0.20.1 >/dev/null 2>&1
go run . 2>/dev/null | tee seen
cat > expected <<'TEXT'
commonLabels: {team: a}: NetworkPolicy {"ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"probe-of-others","team":"a"}}}]}],"podSelector":{"matchLabels":{"app":"web","team":"a"}}}
commonLabels: {team: a}: Rollout {"selector":{"matchLabels":{"app":"web"}}}
labels: [{pairs: {team: a}}]: NetworkPolicy {"ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"probe-of-others"}}}]}],"podSelector":{"matchLabels":{"app":"web"}}}
labels: [{pairs: {team: a}}]: Rollout {"selector":{"matchLabels":{"app":"web"}}}
TEXT
diff expected seen && echo 'as recorded (kustomize/api 0.20.1, of kustomize 5.7.1)'
