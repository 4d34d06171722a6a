import { Route53Client } from '@aws-sdk/client-route-53'
import { createWorld, type World, type WorldOptions } from '@meridian/lab-world'
import { onTestFinished } from 'vitest'
import type { Route53Handles } from '../handles.ts'
import { serveRoute53 } from '../serve.ts'

/** A world with an account whose Route 53 a real client of the SDK talks to. */
export type Route53World = { world: World; aws: { route53: Route53Handles }; route53: Route53Client }

/** A world with nothing but Route 53; gone when the test is. */
export async function openRoute53(options: WorldOptions = {}): Promise<Route53World> {
  const world = createWorld({ scale: 10_000, ...options })
  const { endpoint, credentials, handles, close } = await serveRoute53(world)
  onTestFinished(async () => {
    await close()
    world.close()
  })
  // One attempt: a test wants to see what is refused, not how the SDK tries again.
  const route53 = new Route53Client({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 })
  return { world, aws: { route53: handles }, route53 }
}
