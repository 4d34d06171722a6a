#!/usr/bin/env bash
# Most expect kustomize's `namespace`, which gives each pull request one of its own, to take along whatever names the old one.
# Seen: it moves the objects, the Namespace itself, an APIService's Service, a RoleBinding's subjects that are in the same build, and
# every subject `default`, of whichever namespace it was; Gateways and Services of an HTTPRoute, a webhook's Service, a volume's
# claim and a NetworkPolicy's namespaceSelector stay with the old one: another environment's traffic, and rights of a stranger.
# Here the input namespace is for objects that name none, and what names one is left as it is.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
GOFLAGS=-mod=mod GOBIN=$work go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.1 >/dev/null 2>&1
cat > kustomization.yaml <<'YAML'
namespace: pr-7
resources: [app.yaml]
YAML
cat > app.yaml <<'YAML'
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: readers, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: default, namespace: tools}, {kind: ServiceAccount, name: web, namespace: shop}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec: {parentRefs: [{name: front, namespace: shop}], rules: [{backendRefs: [{name: web, namespace: shop}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: own, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}]}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: web}
webhooks: [{name: web.example.com, clientConfig: {service: {name: web, namespace: shop}}}]
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.web.example.com}
spec: {service: {name: web, namespace: shop}, group: web.example.com, version: v1}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: web}
spec: {claimRef: {name: web, namespace: shop}}
YAML
./kustomize build . | grep -E '^kind:|pr-7|shop|tools|- kind:' | tee seen
cat > expected <<'TEXT'
kind: Namespace
  name: pr-7
kind: ServiceAccount
  namespace: pr-7
kind: RoleBinding
  namespace: pr-7
- kind: ServiceAccount
  namespace: pr-7
- kind: ServiceAccount
  namespace: pr-7
kind: PersistentVolume
    namespace: shop
kind: APIService
    namespace: pr-7
kind: HTTPRoute
  namespace: pr-7
    namespace: shop
      namespace: shop
kind: NetworkPolicy
  namespace: pr-7
          kubernetes.io/metadata.name: shop
kind: ValidatingWebhookConfiguration
      namespace: shop
TEXT
diff expected seen && echo 'as recorded (kustomize 5.8.1)'
