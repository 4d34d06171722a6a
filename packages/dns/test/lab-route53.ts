import { Route53Client } from '@aws-sdk/client-route-53'
import { createAws } from '@meridian/lab-aws'
import { createWorld, openFrontDoor, type World } from '@meridian/lab-world'

/** A Route 53 of its own, served on loopback, and a client that talks to it as the product's clients do. */
export type LabRoute53 = AsyncDisposable & {
  client: Route53Client
  world: World
  zone: { id: string; name: string }
  addZone: ReturnType<typeof createAws>['route53']['addZone']
  addBalancer: ReturnType<typeof createAws>['elb']['create']
  /** Operations that changed something, in order. */
  writes(): string[]
  reads(): string[]
}

export async function openRoute53(faults: string[] = []): Promise<LabRoute53> {
  const world = createWorld({ scale: 10_000, faults })
  const aws = createAws(world)
  const zone = aws.route53.addZone('k8s.example.com')
  const door = await openFrontDoor(world, { aws: aws.handler, control: {} })
  const client = new Route53Client({
    endpoint: door.url,
    region: 'us-east-1',
    credentials: aws.credentials,
    maxAttempts: 1,
  })
  const operations = (write: boolean) =>
    world.requests
      .all()
      .filter(request => request.write === write)
      .map(request => request.operation)
  return {
    client,
    world,
    zone: { id: zone.id, name: 'k8s.example.com' },
    addZone: aws.route53.addZone,
    addBalancer: aws.elb.create,
    writes: () => operations(true),
    reads: () => operations(false),
    [Symbol.asyncDispose]: async () => {
      client.destroy()
      await door.close()
      world.close()
    },
  }
}
