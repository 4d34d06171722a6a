import { type AwsAnswer, AwsError, type Service, writesByName } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import { readBody } from '../json/service.ts'
import type { EksClusters } from './clusters.ts'
import { type EksOperation, eksOperations } from './operations.ts'
import { findRoute } from './routes.ts'

/** EKS: clusters that people have, read by whoever uses them; they are made and changed by the world alone. */
export function createEks(world: World, clusters: EksClusters): Service {
  const operations: Record<string, EksOperation> = eksOperations(world, clusters)
  return {
    name: 'eks',
    operation: ({ method, path }) => findRoute(method, path).operation,
    isWrite: writesByName,
    refuse: (error, request) => refuse(error, findRoute(request.method, request.path).parameters[0]),
    answer(request, operation) {
      const perform = operations[operation]
      if (!perform)
        throw new AwsError(501, 'NotImplemented', `the lab's EKS has no ${request.method} ${request.path}`)
      const { parameters } = findRoute(request.method, request.path)
      return write(perform({ request, parameters, body: readBody(request) }))
    },
  }
}

const write = (body: object, status = 200, headers: Record<string, string> = {}): AwsAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

/** This protocol names an error in a header. */
function refuse({ status, code, message, headers }: AwsError, clusterName: string | undefined): AwsAnswer {
  const named = /^(Resource|Invalid)/.test(code) && clusterName !== undefined ? { clusterName } : {}
  return write({ ...named, message }, status, { 'x-amzn-errortype': code, ...headers })
}
