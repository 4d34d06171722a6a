import type { Kube } from '@meridian/kube'
import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { exposeApi } from '../../src/control-plane/expose-api.ts'

test('a load balancer that does not come is told with where to look, and with what clusters of kind need', async () => {
  const host = { context: 'usa', get: async () => undefined, apply: async () => ({}) } as unknown as Kube
  await expect(exposeApi(testJob({ deadline: Date.now() }), host, [])).rejects.toMatchObject({
    message: expect.stringContaining("the load balancer of the federation's API in usa"),
    fix: expect.stringContaining('cloud-provider-kind'),
  })
})
