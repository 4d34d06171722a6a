import { compareSnapshots, takeSnapshot } from '@meridian/lab-universe'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { configMap, deployment, type LabFederation, service, startFederation } from './lab-federation.ts'

let lab: LabFederation
beforeAll(async () => {
  lab = await startFederation(['usa'])
})
afterEach(() => lab.lab.universe.world.faults.requests.clear())
afterAll(() => lab.close())

const namespace = '\napiVersion: v1\nkind: Namespace\nmetadata: {name: fresh}\n'
const together = (...manifests: string[]) => manifests.join('---')
const wrong = [
  deployment('web', 2).replace('replicas:', 'replica: 3\n  replicas:'),
  // Of its own: real servers read an object's map on only up to the first field that they do not know.
  deployment('pull', 2).replace('image:', 'imagePulPolicy: Always, image:'),
  deployment('env', 2).replace('resources:', 'env: [{name: PORT, value: 80}], resources:'),
  service('web').replace('type:', 'tipe: x, type:'),
  configMap('numbers').replace('key: v', 'key: 1'),
  configMap('label').replace('name: label', 'name: label, labels: {a: "x y"}'),
]
const problems = (place: string) => [
  `- Deployment ${place}/web: .spec.replica: field not declared in schema`,
  `- Deployment ${place}/pull: .spec.template.spec.containers[name="web"].imagePulPolicy: field not declared in schema`,
  `- Deployment ${place}/env: .spec.template.spec.containers[name="web"].env[name="PORT"].value: expected string, got &value.valueUnstructured{Value:80}`,
  `- Service ${place}/web: .spec.tipe: field not declared in schema`,
  `- ConfigMap ${place}/numbers: .data.key: expected string, got &value.valueUnstructured{Value:1}`,
]

test.each([
  ['there', 'default', wrong],
  ['yet to be made', 'fresh', [namespace, ...wrong]],
])(
  'all that is wrong in a namespace that is %s is told at once, asked once, and changes nothing',
  async (_, place, manifests) => {
    const former = takeSnapshot(lab.lab.universe)
    const counted = lab.lab.universe.world.faults.requests.plan({
      nth: 1,
      times: 1_000,
      client: 'test',
      operation: 'patch deployments.apps',
    })
    const failure = await lab
      .deploy(together(...manifests, configMap('right')), { namespace: place })
      .catch(error => error)
    const lines = String(failure.message).split('\n')
    expect(lines).toEqual(expect.arrayContaining(problems(place)))
    expect(lines.filter(line => line.startsWith(`- ConfigMap ${place}/label: `))).toHaveLength(1)
    expect(lines).toHaveLength(7)
    expect(failure).toMatchObject({
      name: 'UserError',
      fix: expect.stringContaining('Correct the manifests'),
    })
    expect(counted.struck()).toBe(3)
    expect(compareSnapshots(former, takeSnapshot(lab.lab.universe))).toEqual([])
  },
)

test('a namespace that is yet to be made stops nothing that is right', async () => {
  const run = await lab.deploy(together(namespace, deployment('web', 1), service('web'), configMap('web')), {
    namespace: 'fresh',
  })
  expect(run.lines.join()).not.toContain('Not checked')
  expect(run.outputs.replicas).toEqual({ usa: 1 })
})
