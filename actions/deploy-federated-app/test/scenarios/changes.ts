import type { KubeObject } from '@meridian/kube'
import type { Store } from '@meridian/lab-kube-api'
import { type Name, until, writesOf } from '@meridian/lab-universe/testing'
import { describe, expect, test } from 'vitest'
import { parseManifest } from '../../src/manifests/parse-manifest.ts'
import { LastingError } from '../../src/status/lasting-failures.ts'
import {
  configMap,
  deployment,
  failureOf,
  imageIn,
  replicasIn,
  service,
  together,
} from '../lab-federation.ts'
import { imagesOf, type Lab, names } from './world.ts'

/** What becomes of an app that is there, and of what others have. */
export function changeScenarios(lab: Lab): void {
  const policiesOf = (namespace: string) =>
    ['PropagationPolicy', 'OverridePolicy'].flatMap(kind =>
      lab()
        .fed.list(kind, { namespace })
        .map(({ metadata }) => `${kind} ${metadata.name}`),
    )
  const theirs = (name: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
    data: { key: 'theirs' },
  })

  test('an app that is deployed again as it is writes nothing', async () => {
    const manifest = together(deployment('twice', 3), service('twice', 'ClusterIP'), configMap('twice'))
    const first = await lab().deploy(manifest, { namespace: 'twice' })
    const before = writesOf(lab().lab.universe, 'test')
    const second = await lab().deploy(manifest, { namespace: 'twice' })
    expect([first.outputs.changed, second.outputs.changed]).toEqual([true, false])
    expect(second.outputs.replicas).toEqual({ usa: 1, eur: 1, jpn: 1 })
    expect(writesOf(lab().lab.universe, 'test')).toEqual(before)
  })

  test('an app with prune is freed of what it does not name, in every region, policies included', async () => {
    const inputs = { namespace: 'pruned', prune: 'true', app: 'pruned' }
    await lab().deploy(together(configMap('stays'), service('goes'), configMap('goes')), inputs)
    const failure = await failureOf(lab().deploy(configMap('stays'), { ...inputs, 'max-deletes': '1' }))
    expect(failure.message).toContain('2 objects would be deleted, but max-deletes is 1')
    expect(policiesOf('pruned')).toHaveLength(4)
    const run = await lab().deploy(configMap('stays'), inputs)
    expect(run.outputs.changed).toBe(true)
    // Karmada lets go of a policy a moment after it was deleted.
    await until(() => policiesOf('pruned').join() === 'PropagationPolicy stays-configmap')
    const left = names.flatMap(name => lab().member(name).list('Service', { namespace: 'pruned' }))
    expect(left).toEqual([])
    expect(lab().fed.get('Namespace', undefined, 'pruned')).toBeDefined()
  })

  test('an app whose policy somebody has deleted runs on, and is governed again by the next run', async () => {
    await lab().deploy(deployment('orphan', 3))
    const before = names.map(name => lab().member(name).get('Deployment', 'default', 'orphan')?.metadata.uid)
    const policy = 'orphan-deployment'
    lab().fed.remove('PropagationPolicy', 'default', policy)
    await until(() => lab().fed.get('PropagationPolicy', 'default', policy) === undefined)
    const run = await lab().deploy(deployment('orphan', 6))
    expect(run.outputs.replicas).toEqual({ usa: 2, eur: 2, jpn: 2 })
    const after = names.map(name => lab().member(name).get('Deployment', 'default', 'orphan')?.metadata.uid)
    expect(after).toEqual(before)
  })

  test('a port to which somebody gave another number is told, and put back by adopt', async () => {
    await lab().deploy(service('renumbered', 'ClusterIP'))
    type Spec = { ports: { port: number }[] }
    const edit = (draft: KubeObject) => {
      const [port] = (draft.spec as Spec).ports
      if (port) port.port = 8080
    }
    lab().fed.modify('Service', 'default', 'renumbered', edit as never, { manager: 'kubectl-edit' })
    const failure = await failureOf(lab().deploy(service('renumbered', 'ClusterIP')))
    expect(failure.message).toContain(
      "Service default/renumbered: .spec.ports[port=8080], which was port=80, is kubectl-edit's",
    )
    await lab().deploy(service('renumbered', 'ClusterIP'), { adopt: 'true' })
    const portsIn = (store: Store) => {
      const spec = store.get('Service', 'default', 'renumbered')?.spec as Spec | undefined
      return spec?.ports.map(({ port }) => port).join()
    }
    expect(portsIn(lab().fed)).toBe('80')
    await until(() => names.every(name => portsIn(lab().member(name)) === '80'))
    const again = await lab().deploy(service('renumbered', 'ClusterIP'), { adopt: 'true' })
    expect(again.outputs.changed).toBe(false)
    // What it no longer states goes: nothing of it has come to be ours but by its apply.
    await lab().deploy(
      service('renumbered', 'ClusterIP').replace('name: http, port: 80', 'name: web, port: 81'),
    )
    expect(portsIn(lab().fed)).toBe('81')
  })

  test('a rollout in waves changes one region after the other', async () => {
    const app = (version: number) =>
      together(deployment('waves', 3, `web:${version}`), configMap('waves', `v${version}`))
    await lab().deploy(app(1), { app: 'waves' })
    const seen: string[] = []
    const stops = names.map(member =>
      lab()
        .member(member)
        .watch('Deployment', ({ object }) => {
          const isNew = object.metadata.name === 'waves' && imageIn(lab().member(member), 'waves') === 'web:2'
          if (isNew && !seen.includes(member)) seen.push(member)
        }),
    )
    const inWaves = { app: 'waves', rollout: 'waves', waves: '[eur, [usa], jpn]' }
    const run = await lab().deploy(app(2), inWaves)
    for (const stop of stops) stop()
    expect(seen).toEqual(['eur', 'usa', 'jpn'])
    expect(run.lines.filter(line => line.startsWith('Wave '))).toEqual([
      'Wave 1 of 3: eur',
      'Wave 2 of 3: usa',
      'Wave 3 of 3: jpn',
    ])
    expect(imagesOf(lab, 'waves')).toEqual(['web:2', 'web:2', 'web:2'])
    expect((await lab().deploy(app(2), inWaves)).outputs.changed).toBe(false)
  })

  describe('what somebody else has', () => {
    test('in a member ends the run at once, is named, and is taken over when told so', async () => {
      lab().member('eur').create('ConfigMap', theirs('taken'))
      const app = together(configMap('taken'), service('taken', 'ClusterIP'))
      const failure = await failureOf(lab().deploy(app))
      expect(failure).toBeInstanceOf(LastingError)
      expect(failure.message).toMatch(
        /\n- ConfigMap default\/taken in eur: .*already exists in the cluster eur/,
      )
      expect(lab().member('eur').get('ConfigMap', 'default', 'taken')?.data).toEqual({ key: 'theirs' })
      await lab().deploy(app, { adopt: 'true' })
      expect(lab().member('eur').get('ConfigMap', 'default', 'taken')?.data).toEqual({ key: 'v' })
    })

    test('in a member with a class of load balancer of its own keeps that when it is taken over', async () => {
      const [taken] = parseManifest({ path: 'app.yaml', text: service('classy') }).objects
      const own = { ...taken, spec: { ...(taken?.spec as object), loadBalancerClass: 'example.com/own' } }
      const usa = lab().member('usa')
      usa.create('Service', own as never)
      const found = { loadBalancer: { ingress: [{ hostname: 'own.example.com' }] } }
      usa.modify('Service', 'default', 'classy', draft => void Object.assign(draft, { status: found }), {
        status: true,
      })
      const specIn = (name: Name) =>
        lab().member(name).get('Service', 'default', 'classy')?.spec as
          | { loadBalancerClass?: string; ports: { port: number }[] }
          | undefined
      const classes = () => names.map(name => specIn(name)?.loadBalancerClass)
      await lab().deploy(service('classy'), { adopt: 'true' })
      expect(classes()).toEqual(['example.com/own', undefined, undefined])
      await lab().deploy(service('classy').replace('port: 80', 'port: 81'))
      await until(() => names.every(name => specIn(name)?.ports[0]?.port === 81))
      expect(classes()).toEqual(['example.com/own', undefined, undefined])
      expect((await lab().deploy(service('classy').replace('port: 80', 'port: 81'))).outputs.changed).toBe(
        false,
      )
    })

    test('in a member and is gone by the next run is tried again at once', async () => {
      lab().member('usa').create('ConfigMap', theirs('late'))
      const failure = await failureOf(lab().deploy(configMap('late')))
      expect(failure.message).toContain('ConfigMap default/late in usa')
      lab().member('usa').remove('ConfigMap', 'default', 'late')
      await lab().deploy(configMap('late'))
      expect(lab().member('usa').get('ConfigMap', 'default', 'late')?.data).toEqual({ key: 'v' })
      expect((await lab().deploy(configMap('late'))).outputs.changed).toBe(false)
    })

    test('in the federation is left to them, and taken over only when told so, also in the members', async () => {
      lab().fed.create('ConfigMap', theirs('foreign'))
      lab().member('eur').create('ConfigMap', theirs('foreign'))
      const failure = await failureOf(lab().deploy(configMap('foreign')))
      expect(failure.message).toContain('was not made by Meridian')
      expect(lab().fed.get('ConfigMap', 'default', 'foreign')).toMatchObject({ data: { key: 'theirs' } })
      await lab().deploy(configMap('foreign'), { adopt: 'true' })
      expect(lab().member('eur').get('ConfigMap', 'default', 'foreign')).toMatchObject({ data: { key: 'v' } })
    })
  })

  test('replicas that somebody changes in a member are set back', async () => {
    await lab().deploy(deployment('held', 3))
    lab()
      .member('jpn')
      .modify('Deployment', 'default', 'held', draft => {
        draft.spec = { ...(draft.spec as object), replicas: 5 }
      })
    await until(() => replicasIn(lab().member('jpn'), 'held') === 1)
  })
}
