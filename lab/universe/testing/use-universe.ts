import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest'
import { startUniverse, type Universe } from '../universe.ts'

/** Makes the world's AWS the one that this process is set up for, until `vi.unstubAllEnvs`. */
export function stubAws(universe: Pick<Universe, 'env'>): void {
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    vi.stubEnv(name, universe.env[name])
}

/** A world for all tests of a file; its AWS is the one that this process is set up for. */
export function useUniverse(): () => Universe {
  let universe: Universe
  beforeAll(async () => {
    universe = await startUniverse({ scale: 10_000 })
  })
  afterAll(() => universe.close())
  beforeEach(() => stubAws(universe))
  afterEach(() => void vi.unstubAllEnvs())
  return () => universe
}
