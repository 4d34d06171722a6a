export { type Claim, describeIdentity, describeMark, judgeClaim, type Owned } from './claim.ts'
export {
  type ClusterDescriptor,
  checkClusters,
  checkHost,
  completeClusters,
  describeGiven,
  type GivenCluster,
  givenClusters,
  isAnywhere,
  isUsedAsItIs,
  providers,
  strayFields,
} from './clusters.ts'
export { readFederation, writeFederation } from './federations.ts'
export { type Identity, isSameRepository, ownerOf, type Place, type Repository, rootOf } from './identity.ts'
export {
  type Birth,
  formatInstant,
  type Mark,
  makeMark,
  type Reading,
  unmarked,
  unreadable,
} from './mark.ts'
export { readFields, writeFields } from './mark-fields.ts'
export {
  appLabel,
  isProtected,
  manager,
  markAnnotation,
  objectAnnotations,
  objectLabels,
  protectionTag,
  readClaim,
  readObject,
  readTags,
  writeClaim,
  writeTags,
} from './mark-places.ts'
export { fullName, ownerRecordName, recordName, stateBucket } from './names.ts'
export {
  adviseRepository,
  identityInputs,
  identityOf,
  identityOfMark,
  isAmong,
  repositoryOf,
  repositoryPattern,
} from './owners.ts'
export { parseHostname, unescapeOctals } from './parse-hostname.ts'
export {
  alias,
  domain,
  eksName,
  environmentName,
  kindName,
  refuseFinalDot,
  region,
  regionOfZone,
  zone,
} from './parse-names.ts'
export { pullRequestInputs, pullRequestOf } from './pull-request.ts'
export {
  bucketName,
  claimKey,
  clusterFolder,
  formatStore,
  leaseKey,
  parseStore,
  type StoreLocation,
} from './stores.ts'
