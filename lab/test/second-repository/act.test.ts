import { startUniverse } from '@meridian/lab-universe'
import { expect, onTestFinished, test } from 'vitest'
import { isActFound, openActRepository, whetherFound } from './by-act.ts'
import { shopFiles } from './caller.ts'

test.skipIf(!isActFound)(`nektos/act runs the same life of a second repository${whetherFound}`, async () => {
  const universe = await startUniverse({ scale: 5_000 })
  onTestFinished(universe.close)
  const workflows = ['up.yml', 'upgrade.yml', 'take-region-out.yml', 'down.yml']
  const shop = await openActRepository(universe, { slug: 'acme/shop', id: '7007' }, shopFiles, workflows)
  const { exitCode, results, said } = await shop.run('workflow_dispatch', 'life.yml', [
    '--input',
    'upgrade=yes',
  ])
  expect([exitCode, results], said.slice(-60).join('\n')).toEqual([
    0,
    expect.objectContaining({
      'Life/tell': 'success',
      'upgrade/Upgrade/karmada': 'success',
      'down/Down/teardown': 'success',
    }),
  ])
  expect(Object.values(results)).not.toContain('failure')
  expect(said).toContain('shop.shop.k8s.example.com {"usa":2,"eur":2}, then without ["eu-west-1"] {"usa":4}')
  // Of each cluster once, by the step that has upgraded it.
  expect(said.filter(line => line.endsWith('kubernetes-version=1.35.9'))).toHaveLength(2)
  expect(universe.world.inventory.list()).toEqual([])
})
