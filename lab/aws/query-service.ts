import {
  type QueryOperation,
  queryAnswer,
  queryError,
  readParameters,
  type Service,
  unknownAction,
  writesByName,
} from '@meridian/lab-aws-protocol'

/** A service of the Query protocol whose answers are all of one namespace; `find` knows its operations. */
export function createQueryService(
  name: string,
  namespace: string,
  find: (operation: string) => QueryOperation | undefined,
): Service {
  return {
    name,
    operation: request => readParameters(request).get('Action') ?? 'UnknownOperation',
    isWrite: writesByName,
    refuse: error => queryError(error, namespace),
    answer(request, operation) {
      const perform = find(operation)
      if (!perform) throw unknownAction(operation)
      return queryAnswer(operation, namespace, perform(readParameters(request), request))
    },
  }
}
