import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { shortcomings } from './step.ts'
import { configMap, messageOfRun, type WorldStep } from './try-step.ts'

/** Wrong first steps with manifests: all are told before anybody is asked. */

let universe: Universe
beforeAll(async () => {
  universe = await startUniverse({ scale: 10_000 })
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await universe.close()
})

const deployment = (image: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: ${JSON.stringify(image)}}]}
`
const of = (text: string) => ({ 'app.yaml': text })
const fix = 'Correct the manifests. Nothing has been changed.'
const kubeconfig =
  '{apiVersion: v1, kind: Config, contexts: [{name: karmada, context: {cluster: a, user: a}}], clusters: [{name: a, cluster: {server: "https://karmada.example.com"}}], users: [{name: a, user: {token: hush}}]}'

const steps: Omit<WorldStep, 'action'>[] = [
  {
    done: 'a path that leads nowhere',
    inputs: { manifests: 'deploy/*.yaml' },
    what: "'deploy/*.yaml' matches no file",
    where: 'input manifests',
    allowed: 'relative to the workspace',
    fix: 'Correct the path',
  },
  {
    done: 'a path out of the workspace',
    inputs: { manifests: '../shop/app.yaml' },
    what: "'../shop/app.yaml' is outside the workspace",
    where: 'input manifests',
    allowed: 'by paths inside it',
    fix: 'Put the manifests into the repository',
  },
  {
    done: 'a template of Helm',
    inputs: {},
    files: of('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n'),
    what: 'a template of Helm that has not been rendered',
    where: 'app.yaml',
    allowed: 'give rendered.yaml',
    fix: 'helm template <release> <chart>',
  },
  {
    done: 'a file for kustomize by another name',
    inputs: {},
    files: of('apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [web.yaml]\n'),
    what: 'is for kustomize',
    where: 'app.yaml (document 1)',
    allowed: 'name the file kustomization.yaml',
    fix: 'give the folder in which it is',
  },
  {
    done: 'a file with nothing but a comment',
    inputs: {},
    files: of('# to be written\n'),
    what: 'there is no object',
    where: 'in app.yaml',
    allowed: 'the manifests cannot be used',
    fix,
  },
  {
    done: 'a line that is indented by one too many',
    inputs: {},
    files: of('apiVersion: v1\nkind: ConfigMap\n metadata: {name: web}\n'),
    what: 'mappings',
    where: 'app.yaml',
    allowed: 'at line 2',
    fix,
  },
  {
    done: 'an object without a name',
    inputs: {},
    files: of('apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: web-}\n'),
    what: 'ConfigMap has no valid metadata.name',
    where: 'app.yaml (document 1)',
    allowed: 'generateName would make a new object in each run',
    fix,
  },
  {
    done: 'a kind that is not allowed',
    inputs: { 'allowed-kinds': 'Deployment,Service' },
    what: 'ConfigMap default/web',
    where: 'is not of an allowed kind',
    allowed: '(Deployment, Service)',
    fix,
  },
  {
    done: 'a policy of Karmada of its own',
    inputs: {},
    files: of('apiVersion: policy.karmada.io/v1alpha1\nkind: PropagationPolicy\nmetadata: {name: web}\n'),
    what: 'PropagationPolicy default/web',
    where: 'steers the federation itself',
    allowed: 'use the input placement',
    fix,
  },
  {
    done: 'an object in the namespace of the system',
    inputs: {},
    files: of(configMap.replace('name: web', 'name: web, namespace: kube-system')),
    what: 'ConfigMap kube-system/web',
    where: 'would not reach the members',
    allowed: 'name another namespace',
    fix,
  },
  {
    done: 'an image that a step should have filled in',
    inputs: {},
    files: of(deployment('$IMAGE')),
    what: "the image '$IMAGE'",
    where: 'Deployment default/web',
    allowed: 'no reference such as ghcr.io/me/web:1.2.3',
    fix: 'its reference in images',
  },
  {
    done: 'an image to be replaced that no container has',
    inputs: { images: 'wbe=ghcr.io/me/web:1' },
    files: of(deployment('web:latest')),
    what: "the image 'wbe'",
    where: 'the input images',
    allowed: 'they have web',
    fix: 'Correct the manifests',
  },
  {
    done: 'a kubeconfig whose context has another name',
    inputs: { clusters: '', kubeconfig },
    what: "no context 'fed'",
    where: 'the kubeconfig',
    allowed: 'only karmada',
    fix: 'Set the input federation to the name of its context.',
  },
]

test.each(steps)('$done', async step => {
  const said = await messageOfRun(universe, { ...step, action: 'deploy-federated-app' })
  expect(shortcomings(said, step), said).toEqual([])
  expect(said).not.toContain('hush')
})
