import {
  queryAnswer,
  queryError,
  readParameters,
  type Service,
  writesByName,
} from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import { performClassic } from './classic.ts'
import { performModern } from './modern.ts'

const classicVersion = '2012-06-01'
const modernVersion = '2015-12-01'
const namespaceOf = (version: string) => `http://elasticloadbalancing.amazonaws.com/doc/${version}/`

/** Both services are called `elasticloadbalancing`; the version of the API tells them apart. */
export function createElb(world: World): Service {
  return {
    name: 'elasticloadbalancing',
    operation: request => readParameters(request).get('Action') ?? 'UnknownOperation',
    isWrite: writesByName,
    refuse: error => queryError(error, namespaceOf(modernVersion)),
    answer(request, operation) {
      const parameters = readParameters(request)
      const version = parameters.get('Version') ?? modernVersion
      const perform = version === classicVersion ? performClassic : performModern
      return queryAnswer(operation, namespaceOf(version), perform(world, request, operation, parameters))
    },
  }
}
