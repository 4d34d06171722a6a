import { AwsError, queryError, type Service, xmlAnswer } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import { createChanges } from './changes.ts'
import type { HealthChecks } from './health-checks.ts'
import type { Parts, Result } from './operation.ts'
import { creations, operations } from './operations.ts'
import { findRoute } from './routes.ts'
import { createThrottle } from './throttle.ts'
import type { Zones } from './zones.ts'

const namespace = 'https://route53.amazonaws.com/doc/2013-04-01/'
/** The time a request takes in AWS, so that a client that asks one thing after the other is not throttled. */
const requestSeconds = 0.15

/** The service: five requests a second for each account, as in AWS, each of 0.15 s. */
export function createRoute53(world: World, zones: Zones, checks: HealthChecks): Service {
  const changes = createChanges(world)
  const partsOf = (account: string): Parts => ({
    world,
    changes,
    zones: zones.of(account),
    checks: checks.of(account),
  })
  const throttles = new Map<string, () => void>()
  function takeToken(account: string): void {
    const perSecond = world.faults.active('throttle-route53') ? 1 : 5
    const take = throttles.get(account) ?? createThrottle(world.clock, perSecond)
    throttles.set(account, take)
    take()
  }
  return {
    name: 'route53',
    operation: request => findRoute(request).operation,
    isWrite: operation => /^(Change|Create|Delete|Update)/.test(operation),
    refuse: error => queryError(error, namespace),
    async answer(request, operation) {
      takeToken(request.account)
      await world.clock.sleep(requestSeconds)
      const { ids } = findRoute(request)
      const parts = partsOf(request.account)
      const created = creations[operation]?.(parts, request, ...ids)
      if (created) return answerWith(operation, created.result, { status: 201, path: created.path })
      const result = operations[operation]?.(parts, request, ...ids)
      if (result) return answerWith(operation, result)
      throw new AwsError(
        404,
        'UnknownOperationException',
        `${request.method} ${request.path} is no operation of Route 53`,
      )
    },
  }
}

function answerWith(operation: string, result: Result, created?: { status: number; path: string }) {
  const document = { [`${operation}Response`]: { '@xmlns': namespace, ...result } }
  const answer = xmlAnswer(document, created?.status)
  if (!created) return answer
  return { ...answer, headers: { ...answer.headers, location: `${namespace}${created.path}` } }
}
