import { existsSync } from 'node:fs'
import { startUniverse } from '@meridian/lab-universe'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'

test('a universe has a hosted zone, credentials and tools, and nothing that costs money', async () => {
  const universe = await startUniverse({ scale: 10_000 })
  onTestFinished(universe.close)
  expect(universe.env.AWS_ENDPOINT_URL).toBe(universe.url)
  expect(existsSync(`${universe.env.PATH?.split(':')[0]}/kops`)).toBe(true)
  expect(universe.aws.route53.zones().map(zone => zone.name)).toEqual(['k8s.example.com.'])
  expect(universe.world.inventory.list()).toEqual([])
})

test('the kubeconfig of an empty universe has no context', async () => {
  const universe = await startUniverse({ scale: 10_000 })
  onTestFinished(universe.close)
  expect(parse(await universe.kubeconfig()).contexts).toEqual([])
})

test('nothing is left of a universe that is closed', async () => {
  const universe = await startUniverse({ scale: 10_000 })
  await universe.close()
  expect(existsSync(universe.directory)).toBe(false)
  await expect(fetch(universe.url)).rejects.toThrow('fetch failed')
})
