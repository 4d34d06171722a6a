import { connectAws, s3 } from '@meridian/aws'
import { startUniverse, type Universe } from '@meridian/lab'
import { testJob } from '@meridian/runner/testing'
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest'

/** A world for the tests of a file, and clients for its S3, each with the name of a bucket that nobody else has. */
export function useStores() {
  let universe: Universe
  let names = 0
  beforeAll(async () => {
    universe = await startUniverse({ scale: 10_000 })
  })
  afterAll(() => universe.close())
  beforeEach(() => {
    for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
      vi.stubEnv(name, universe.env[name])
  })
  afterEach(() => void vi.unstubAllEnvs())

  async function openStore(region: string) {
    const job = testJob({ env: universe.env })
    const client = s3(await connectAws(job, {}), region)
    names += 1
    return { job, client, name: `c${names}.example.com-state` }
  }
  return { openStore, world: () => universe }
}
