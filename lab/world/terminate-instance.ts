import type { Resource } from './resource.ts'
import type { World } from './world.ts'

const terminationSeconds = 30

/** Begins to terminate an instance; nothing happens to one that is terminating already. */
export function terminateInstance(world: World, instance: Resource, whenGone: () => void = () => {}): void {
  if (instance.state === 'shutting-down') return
  instance.state = 'shutting-down'
  world.delays.note('machine ends', instance.region, terminationSeconds)
  world.clock.after(terminationSeconds, () => {
    instance.state = 'terminated'
    world.inventory.remove(instance.id)
    whenGone()
  })
}
