import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Name, until, writesOf } from '@meridian/lab-universe/testing'
import { expect, test } from 'vitest'
import { parseManifest } from '../../src/manifests/parse-manifest.ts'
import { configMap, deployment, failureOf, together } from '../lab-federation.ts'
import { type Lab, names } from './world.ts'

const fixture = join(import.meta.dirname, '../../../../lab/test/fixtures/every-kind')

const widgets = (more: object = {}) => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: ${JSON.stringify({ size: { type: 'integer' }, ...more })}}}}}
`
const widget = (spec: object) =>
  `\napiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: ${JSON.stringify(spec)}\n`
const role =
  '\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: reader}\nrules: []\n'

/** What may be deployed. */
export function kindScenarios(lab: Lab): void {
  test('an app may have objects outside of namespaces, and kinds of its own', async () => {
    const given = { namespace: 'kinds' }
    const app = together(widget({ size: 3 }), widgets(), role)
    const run = await lab().deploy(app, given)
    expect(run.lines.join()).not.toContain('Not checked')
    for (const name of names) {
      expect(lab().member(name).get('Widget', 'kinds', 'w')).toMatchObject({ spec: { size: 3 } })
      expect(lab().member(name).get('ClusterRole', undefined, 'reader')).toBeDefined()
    }
    expect((await lab().deploy(app, given)).outputs.changed).toBe(false)
  })

  test('a custom resource may use at once what a change of its definition brings', async () => {
    const given = { namespace: 'kinds', app: 'changed' }
    const colour = { colour: { type: 'string' } }
    const renamed = (text: string) => text.replaceAll('idget', 'adget')
    await lab().deploy(renamed(together(widgets(), widget({ size: 1 }))), given)
    await lab().deploy(renamed(together(widgets(colour), widget({ size: 1, colour: 'red' }))), given)
    const colourIn = (name: Name) =>
      (lab().member(name).get('Wadget', 'kinds', 'w')?.spec as { colour?: string } | undefined)?.colour
    await until(() => names.every(name => colourIn(name) === 'red'))
  })

  test('an app of every kind that charts have arrives whole, and the second time nothing is written', async () => {
    const texts = ['definitions.yaml', 'app.yaml'].map(name => readFile(join(fixture, name), 'utf8'))
    const manifest = (await Promise.all(texts)).join('---\n')
    const first = await lab().deploy(manifest, { namespace: 'shop' })
    expect(first.lines.join()).not.toContain('Not checked')
    const missing = parseManifest({ path: 'app.yaml', text: manifest }).objects.flatMap(
      ({ kind, metadata }) => {
        const namespace = lab().fed.kind(kind).namespaced ? 'shop' : undefined
        // Which clusters run a Job of one pod is Karmada's choice.
        const found = names.filter(name => lab().member(name).get(kind, namespace, metadata.name))
        const isWhole = found.length === names.length || (kind === 'Job' && found.length > 0)
        return isWhole ? [] : [`${kind} ${metadata.name}: ${found}`]
      },
    )
    expect(missing).toEqual([])
    const before = writesOf(lab().lab.universe, 'test')
    const second = await lab().deploy(manifest, { namespace: 'shop' })
    expect([first.outputs.changed, second.outputs.changed]).toEqual([true, false])
    expect(writesOf(lab().lab.universe, 'test')).toEqual(before)
  })

  test('a misspelt field is refused at once, by its name, and nothing is applied', async () => {
    const wrong = deployment('typo', 2).replace('replicas:', 'replica: 3\n  replicas:')
    const failure = await failureOf(lab().deploy(together(wrong, configMap('typo')), { namespace: 'typo' }))
    expect(failure.message).toContain('Deployment typo/typo: .spec.replica: field not declared in schema')
    expect(lab().fed.get('Namespace', undefined, 'typo')).toBeUndefined()
  })
}
