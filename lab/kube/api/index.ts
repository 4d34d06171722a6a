export type { ApiServer, ApiServerOptions, Dial, RequestSummary, User, Verb } from './api-server.ts'
export {
  type ClientIdentity,
  createAuthority,
  issueClientCertificate,
  issueServerCertificate,
  type KeyPair,
} from './certificates.ts'
export { column, columns, wide } from './columns.ts'
export { type Condition, findCondition, setCondition } from './conditions.ts'
export { describeAge } from './duration.ts'
export { apiVersionOf, type Cell, type Column, type Kind, type ScalePaths } from './kind.ts'
export { coreKinds } from './kinds/index.ts'
export { mintToken, serviceAccountUser } from './mint-token.ts'
export {
  copyJson,
  type Fields,
  fieldsAt,
  isFields,
  type KubeObject,
  listAt,
  numberAt,
  type ObjectMeta,
  type OwnerReference,
  sameJson,
  textAt,
  timestamp,
  valueAt,
} from './objects.ts'
export type { Schema } from './schema/schema.ts'
export { type Endpoint, readyEndpoints } from './service-endpoints.ts'
export { startApiServer } from './start-api-server.ts'
export {
  alreadyExists,
  badRequest,
  conflict,
  type FieldProblem,
  forbidden,
  forbiddenValue,
  invalid,
  invalidValue,
  notFound,
  requiredValue,
  resourceName,
  type StatusBody,
  StatusError,
} from './status-error.ts'
export { createStore } from './store/create-store.ts'
export type { EventType, Listener, StoreEvent } from './store/history.ts'
export type { Applied, ApplyOptions, RemoveOptions, Store, WriteOptions } from './store.ts'
