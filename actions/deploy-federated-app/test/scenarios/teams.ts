import { identityOf } from '@meridian/identity'
import { removeApp } from '@meridian/karmada'
import type { KubeObject } from '@meridian/kube'
import { until } from '@meridian/lab-universe/testing'
import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { configMap, deployment, failureOf, replicasIn, service, together } from '../lab-federation.ts'
import { type Lab, names } from './world.ts'

const { run } = testJob()
const theirRun = { ...run, repository: 'globex/shop', repositoryId: '2002' }
const environment = 'teams'

/** Two teams on one federation. */
export function teamScenarios(lab: Lab): void {
  const app = (name: string) => together(deployment(name, 3), service(name), configMap(name))

  test('two apps of two teams live side by side, and one goes without the other', async () => {
    const inputs = { namespace: 'teams', environment }
    await lab().deploy(app('ours'), inputs, { run })
    await lab().deploy(app('theirs'), inputs, { run: theirRun })
    expect((await failureOf(lab().deploy(app('ours'), inputs, { run: theirRun }))).message).toContain(
      'Deployment teams/ours belongs to teams.k8s.example.com of o/r (app default)',
    )
    expect((await lab().deploy(app('ours'), inputs, { run })).outputs.changed).toBe(false)
    const us = identityOf({ domain: 'k8s.example.com', environment }, run)
    const removal = await removeApp(testJob(), lab().connect(), us, [])
    expect(removal.removed).toContain('Deployment teams/ours')
    for (const store of [lab().fed, ...names.map(lab().member)]) {
      expect(store.get('Service', 'teams', 'ours')).toBeUndefined()
      expect(store.get('Service', 'teams', 'theirs')).toBeDefined()
    }
    expect(names.map(name => replicasIn(lab().member(name), 'theirs', 'teams'))).toEqual([1, 1, 1])
  })

  test('what another makes right before ours is applied stays theirs, and goes to no member', async () => {
    const theirs: KubeObject = {
      ...(parse(deployment('raced', 2)) as KubeObject),
      metadata: { name: 'raced', namespace: 'default' },
    }
    lab().lab.universe.world.faults.requests.plan({
      nth: 2,
      client: 'test',
      operation: 'patch deployments.apps',
      onStrike: () => void lab().fed.create('Deployment', theirs),
    })
    const failure = await failureOf(lab().deploy(deployment('raced', 2)))
    lab().lab.universe.world.faults.requests.clear()
    expect(failure.message).toContain('Deployment default/raced is there and was not made by Meridian')
    expect(lab().fed.get('Deployment', 'default', 'raced')).toBeDefined()
    await until(() => lab().fed.get('PropagationPolicy', 'default', 'raced-deployment') === undefined)
    await until(() => lab().fed.get('ResourceBinding', 'default', 'raced-deployment') === undefined)
    await until(() => names.every(name => !lab().member(name).get('Deployment', 'default', 'raced')))
  })

  test('what is removed while a region is away stays there until it is back, which is told', async () => {
    const isReady = () =>
      JSON.stringify(lab().fed.get('Cluster', undefined, 'jpn')).includes('"ClusterReady"')
    await lab().deploy(deployment('gone', 3), { namespace: 'gone', environment: 'gone' })
    lab().cut('jpn')
    await until(() => !isReady())
    const job = testJob()
    const identity = identityOf({ domain: 'k8s.example.com', environment: 'gone' }, job.run)
    const removal = await removeApp(job, lab().connect(), identity, [])
    expect(removal.left).toEqual(['Deployment gone/gone in jpn', 'Namespace gone in jpn'])
    expect(job.lines.join()).toContain('Left in members that are not ready, until they are back: Deployment')
    expect(names.map(name => replicasIn(lab().member(name), 'gone', 'gone'))).toEqual([
      undefined,
      undefined,
      1,
    ])
    lab().mend('jpn')
    await until(() => replicasIn(lab().member('jpn'), 'gone', 'gone') === undefined)
    await until(isReady)
  })
}
