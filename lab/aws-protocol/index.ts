export { authenticate } from './authenticate.ts'
export { AwsError } from './aws-error.ts'
export { type AwsAnswer, type AwsRequest, header, type Place, readAwsRequest } from './aws-request.ts'
export { checkSignature } from './check-signature.ts'
export { readStamp } from './check-time.ts'
export { readScope } from './credential-scope.ts'
export type { Credentials, LongLivedKey, Session } from './credentials.ts'
export { createCredentials, isJson, isRest } from './credentials.ts'
export { type Admission, type Asked, createHandler } from './handle-request.ts'
export type { Context, Need } from './need.ts'
export {
  listParameter,
  type QueryOperation,
  type QueryParameters,
  queryAnswer,
  queryError,
  readParameters,
  unknownAction,
  xmlAnswer,
} from './query.ts'
export { type Service, writesByName } from './service.ts'
export { type SigningScope, sha256, signatureOf } from './signature.ts'
export { type Tags, tagList, tagParameters, tagSpecifications } from './tag-parameters.ts'
export { buildXml, child, children, parseXml, textOf, type XmlInput, type XmlNode } from './xml.ts'
