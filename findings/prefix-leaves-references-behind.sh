#!/usr/bin/env bash
# Most expect that kustomize's namePrefix, which gives each pull request things of its own, renames what refers to them as well.
# Seen: it follows Secrets, PriorityClasses, StorageClasses and policies, but not an IngressClass, a RuntimeClass, the object that an
# autoscaler describes, a Gateway's certificates, an HTTPRoute's Gateway and Services, nor a PropagationPolicy's selectors: those
# name what is not there any more, or what another team has under that name, without a word.
# Here an environment of a pull request is a namespace: no name in an app's manifests is changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOFLAGS=-mod=mod GOBIN=$work/bin
go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.1 >/dev/null 2>&1
cat > app.yaml <<'YAML'
{apiVersion: v1, kind: Secret, metadata: {name: cert}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80}]}}
---
{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: high}, value: 1000}
---
{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: sandbox}, handler: runsc}
---
{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, provisioner: ebs.csi.aws.com}
---
{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: public}, spec: {controller: ingress.k8s.aws/alb}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      priorityClassName: high
      runtimeClassName: sandbox
      containers: [{name: web, image: nginx}]
      volumes:
      - {name: cert, secret: {secretName: cert}}
      - {name: scratch, ephemeral: {volumeClaimTemplate: {spec: {storageClassName: fast, accessModes: [ReadWriteOnce]}}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {storageClassName: fast}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {ingressClassName: public, tls: [{secretName: cert}], defaultBackend: {service: {name: web, port: {number: 80}}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 3
  metrics:
  - type: Object
    object: {describedObject: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: web}, metric: {name: hits}, target: {type: Value, value: 1}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: door}
spec:
  gatewayClassName: aws
  listeners: [{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: cert}]}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web}
spec: {parentRefs: [{name: door}], rules: [{backendRefs: [{name: web, port: 80}]}]}
---
apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata: {name: web}
spec: {resourceSelectors: [{apiVersion: apps/v1, kind: Deployment, name: web}]}
YAML
printf '%s\n' 'namePrefix: pr-7-' 'resources: [app.yaml]' > kustomization.yaml
bin/kustomize build . > rendered.yaml
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyYAML==6.0.4
cat > references.py <<'PY'
import yaml
kinds = {thing['kind']: thing['spec'] for thing in yaml.safe_load_all(open('rendered.yaml')) if 'spec' in thing}
pod = kinds['Deployment']['template']['spec']
volumes = {volume['name']: volume for volume in pod['volumes']}
scaler, ingress = kinds['HorizontalPodAutoscaler'], kinds['Ingress']
for what, name in {
    'priority class of a pod': pod['priorityClassName'],
    'runtime class of a pod': pod['runtimeClassName'],
    'secret of a volume': volumes['cert']['secret']['secretName'],
    'storage class of a claim': kinds['PersistentVolumeClaim']['storageClassName'],
    'storage class of an ephemeral claim': volumes['scratch']['ephemeral']['volumeClaimTemplate']['spec']['storageClassName'],
    'class of an Ingress': ingress['ingressClassName'],
    'secret of an Ingress': ingress['tls'][0]['secretName'],
    'backend of an Ingress': ingress['defaultBackend']['service']['name'],
    'target of an autoscaler': scaler['scaleTargetRef']['name'],
    'object that an autoscaler describes': scaler['metrics'][0]['object']['describedObject']['name'],
    'certificate of a Gateway': kinds['Gateway']['listeners'][0]['tls']['certificateRefs'][0]['name'],
    'Gateway of an HTTPRoute': kinds['HTTPRoute']['parentRefs'][0]['name'],
    'Service of an HTTPRoute': kinds['HTTPRoute']['rules'][0]['backendRefs'][0]['name'],
    'selector of a PropagationPolicy': kinds['PropagationPolicy']['resourceSelectors'][0]['name'],
}.items():
    print(f'{what}: {name}')
PY
venv/bin/python references.py | tee seen
cat > expected <<'TEXT'
priority class of a pod: pr-7-high
runtime class of a pod: sandbox
secret of a volume: pr-7-cert
storage class of a claim: pr-7-fast
storage class of an ephemeral claim: fast
class of an Ingress: public
secret of an Ingress: pr-7-cert
backend of an Ingress: pr-7-web
target of an autoscaler: pr-7-web
object that an autoscaler describes: web
certificate of a Gateway: cert
Gateway of an HTTPRoute: door
Service of an HTTPRoute: web
selector of a PropagationPolicy: web
TEXT
diff expected seen && echo 'as recorded (kustomize 5.8.1)'
