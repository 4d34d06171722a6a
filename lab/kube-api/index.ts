export type { ApiServer, ApiServerOptions, Dial, RequestSummary } from './api-server.ts'
export { column, columns, wide } from './columns.ts'
export { type Condition, findCondition, setCondition } from './conditions.ts'
export { apiVersionOf, type Kind } from './kind.ts'
export { coreKinds } from './kinds/index.ts'
export { mintToken, serviceAccountUser } from './mint-token.ts'
export { type KubeObject, type OwnerReference, timestamp } from './objects.ts'
export type { Schema } from './schema/schema.ts'
export { type KubernetesServer, startKubernetes } from './server.ts'
export { readyEndpoints } from './service-endpoints.ts'
export { startApiServer } from './start-api-server.ts'
export {
  badRequest,
  type FieldProblem,
  forbiddenValue,
  invalid,
  invalidValue,
  notFound,
  requiredValue,
  resourceName,
  StatusError,
} from './status-error.ts'
export { createStore } from './store/create-store.ts'
export type { StoreEvent } from './store/history.ts'
export type { Store } from './store.ts'
export type { User } from './user.ts'
