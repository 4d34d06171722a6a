import { breaksTiesDescending } from '@meridian/lab-karmada/webster'
import { until } from '@meridian/lab-universe/testing'
import { describe, expect, test } from 'vitest'
import {
  configMap,
  deployment,
  failureOf,
  lateFailureOf,
  replicasIn,
  service,
  together,
} from '../lab-federation.ts'
import { imagesOf, type Lab, names } from './world.ts'

const pod = (name: string) => `
  containers: [{name: ${name}, image: 'busybox:1', command: [sh, -c, 'true'], resources: {requests: {cpu: 10m}}}]
`
const job = (name: string) => `
apiVersion: batch/v1
kind: Job
metadata: {name: ${name}}
spec: {template: {spec: {restartPolicy: Never, ${pod(name).trim()}}}}
`
const barePod = (name: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:${pod(name)}`
const autoscaler = (name: string) => `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: ${name}}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ${name}}, minReplicas: 1, maxReplicas: 9}
`

/** Where things go, and how many of them. */
export function placementScenarios(lab: Lab): void {
  /** What Karmada has divided otherwise: as its failover leaves it behind. */
  const divide = (app: string, clusters: object[]) =>
    lab().fed.modify('ResourceBinding', 'default', `${app}-deployment`, draft => {
      draft.spec = { ...(draft.spec as object), clusters }
    })

  test('a Job and a bare Pod run once, where Karmada places them, and the run ends', async () => {
    await lab().deploy(together(job('once'), barePod('once')), { namespace: 'once' })
    for (const kind of ['Job', 'Pod']) {
      const found = names.filter(name => lab().member(name).get(kind, 'once', 'once'))
      expect([kind, found.length]).toEqual([kind, 1])
    }
  })

  test('a Job whose pods change is refused before anything is applied, with what to do', async () => {
    const app = (version: number) =>
      together(configMap('fixed', `v${version}`), job('fixed').replace('busybox:1', `busybox:${version}`))
    await lab().deploy(app(1))
    const failure = await failureOf(lab().deploy(app(2)))
    expect(failure.message).toMatch(
      /\n- Job default\/fixed: spec\.template cannot be changed: field is immutable$/,
    )
    expect(failure).toMatchObject({
      fix: expect.stringContaining('kubectl delete job fixed --namespace default'),
    })
    expect(lab().fed.get('ConfigMap', 'default', 'fixed')?.data).toEqual({ key: 'v1' })
  })

  describe('replicas', () => {
    test.each([
      [7, 'even', [2, 2, 3]],
      [6, 'weights: {usa: 3, eur: 2, jpn: 1}', [1, 2, 3]],
    ])('of %i are divided by %s as Karmada does it', async (replicas, placement, expected) => {
      const { outputs } = await lab().deploy(deployment(`split-${replicas}`, replicas), { placement })
      expect(Object.values(outputs.replicas as object).toSorted()).toEqual(expected)
    })

    test('that are over go by the UID of what is divided: to the first or the last of the clusters by name', async () => {
      const apps = ['odd-a', 'odd-b', 'odd-c', 'odd-d']
      await lab().deploy(together(...apps.map(name => deployment(name, 4))))
      const most = (name: string) => names.find(member => replicasIn(lab().member(member), name) === 2)
      const expected = (name: string) => {
        const { uid = '' } = lab().fed.get('Deployment', 'default', name)?.metadata ?? {}
        return breaksTiesDescending(uid) ? 'usa' : 'eur'
      }
      expect(apps.map(most)).toEqual(apps.map(expected))
    })

    test('are fewer than regions wherever a tie puts them, and a region without any is warned of', async () => {
      const runs = await Promise.all(
        ['a', 'b', 'c'].map(name =>
          lab().deploy(together(deployment(name, 2), service(name)), { namespace: `few-${name}`, app: name }),
        ),
      )
      for (const { outputs, lines } of runs) {
        const counts = outputs.replicas as Record<string, number>
        expect(Object.values(counts).toSorted()).toEqual([0, 1, 1])
        const idle = names.find(name => counts[name] === 0)
        expect(lines.join()).toContain(`${idle}: a load balancer, but no pod behind it`)
      }
    })

    test('that an autoscaler of a member has chosen stay when the app changes', async () => {
      const app = (version: number) =>
        together(deployment('scaled', 3, `web:${version}`), autoscaler('scaled'))
      await lab().deploy(app(1))
      lab()
        .member('usa')
        .modify('Deployment', 'default', 'scaled', draft => {
          draft.spec = { ...(draft.spec as object), replicas: 4 }
        })
      await lab().deploy(app(2))
      expect(imagesOf(lab, 'scaled')).toEqual(['web:2', 'web:2', 'web:2'])
      expect(names.map(name => replicasIn(lab().member(name), 'scaled'))).toEqual([4, 1, 1])
    })

    test('that an autoscaler has chosen stay too where another app has brought it, and the summary says so', async () => {
      await lab().deploy(autoscaler('lent'), { app: 'scalers' })
      await lab().deploy(deployment('lent', 3), { app: 'lent' })
      const usa = lab().member('usa')
      usa.modify('Deployment', 'default', 'lent', draft => {
        draft.spec = { ...(draft.spec as object), replicas: 4 }
      })
      const run = await lab().deploy(deployment('lent', 3, 'web:2'), { app: 'lent' })
      expect(run.summaries.join()).toContain('is left to HorizontalPodAutoscaler default/lent there')
      expect(names.map(name => replicasIn(lab().member(name), 'lent'))).toEqual([4, 1, 1])
      expect((await lab().deploy(deployment('lent', 3, 'web:2'), { app: 'lent' })).outputs.changed).toBe(
        false,
      )
    })

    test('that are divided otherwise are divided anew, and again right after that', async () => {
      await lab().deploy(deployment('moved', 6))
      for (const [usa, eur] of [
        [3, 3],
        [4, 2],
      ]) {
        divide('moved', [
          { name: 'usa', replicas: usa },
          { name: 'eur', replicas: eur },
        ])
        await until(() => replicasIn(lab().member('usa'), 'moved') === usa)
        const run = await lab().deploy(deployment('moved', 6))
        expect(run.lines.join()).toContain(
          `Deployment default/moved is divided as usa ${usa}, eur ${eur} instead of eur 2, jpn 2, usa 2`,
        )
        expect(run.outputs.replicas).toEqual({ usa: 2, eur: 2, jpn: 2 })
      }
    })

    test('that fit nowhere are told in the words of the scheduler', async () => {
      const app = deployment('huge', 3).replace('cpu: 10m', "cpu: '64'")
      const run = (deadline: number) => lab().deploy(app, { placement: 'dynamic' }, { deadline })
      const refusal = /Clusters available replicas 0 are not enough to schedule/
      expect((await lateFailureOf(run, refusal)).message).toMatch(refusal)
    })
  })
}
