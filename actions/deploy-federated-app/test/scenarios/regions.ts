import { until } from '@meridian/lab-universe/testing'
import { afterEach, describe, expect, test } from 'vitest'
import { deployment, lateFailureOf, replicasIn } from '../lab-federation.ts'
import type { Lab } from './world.ts'

/** What `karmadactl cordon` sets. */
const cordon = { key: 'cluster.karmada.io/unschedulable', effect: 'NoSchedule' }

/** Regions that are lost, or kept free of work, and come back. */
export function regionScenarios(lab: Lab): void {
  const isReady = () => JSON.stringify(lab().fed.get('Cluster', undefined, 'jpn')).includes('"ClusterReady"')
  const taint = (taints: object[]) =>
    lab().fed.modify('Cluster', undefined, 'jpn', draft => {
      draft.spec = { ...(draft.spec as object), taints }
    })
  const inLiving = (name: string) =>
    (['usa', 'eur'] as const).map(each => replicasIn(lab().member(each), name))

  describe('a region that dies', () => {
    afterEach(async () => {
      lab().mend('jpn')
      await until(isReady)
    })

    test('before anything is applied is named, and the others can go on without it and with it again', async () => {
      await lab().deploy(deployment('evacuated', 6))
      lab().cut('jpn')
      await until(() => !isReady())
      const late = (deadline: number) => lab().deploy(deployment('evacuated', 9), {}, { deadline })
      const notReady = /jpn is not ready \(ClusterNotReachable\)/
      expect((await lateFailureOf(late, notReady)).message).toMatch(notReady)
      expect(inLiving('evacuated')).toEqual([2, 2])
      const away = await lab().deploy(deployment('evacuated', 6), { placement: 'exclude: [jpn]' })
      expect(away.outputs.replicas).toEqual({ usa: 3, eur: 3 })
      lab().mend('jpn')
      const back = await lab().deploy(deployment('evacuated', 6))
      expect(back.outputs.replicas).toEqual({ usa: 2, eur: 2, jpn: 2 })
    })

    test('while the app is on its way is named when time is up, and the others have it', async () => {
      let name = ''
      const lose = async (deadline: number) => {
        lab().mend('jpn')
        await until(isReady)
        name = `lost-${deadline}`
        const stop = lab().fed.watch('Deployment', ({ object }) => {
          if (object.metadata.name === name) lab().cut('jpn')
        })
        return lab().deploy(deployment(name, 3), {}, { deadline }).finally(stop)
      }
      const told =
        /^waited \d+s for the app in all regions; last seen: Deployment [\w-]+: jpn is not ready \(\w+\)$/
      expect((await lateFailureOf(lose, told)).message).toMatch(told)
      await until(() => inLiving(name).every(count => count === 1))
    })
  })

  test('a region that is cordoned gets nothing new, which is told, and has its share after it is uncordoned', async () => {
    taint([cordon])
    const run = (deadline: number) => lab().deploy(deployment('waiting', 6), {}, { deadline })
    const passedOver =
      /jpn the scheduler passed it over: it is tainted cluster\.karmada\.io\/unschedulable:NoSchedule/
    expect((await lateFailureOf(run, passedOver)).message).toMatch(passedOver)
    expect(inLiving('waiting')).toEqual([3, 3])
    taint([])
    const back = await lab().deploy(deployment('waiting', 6))
    expect(back.outputs.replicas).toEqual({ usa: 2, eur: 2, jpn: 2 })
  })
}
