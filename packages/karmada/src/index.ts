export { type AppObjects, claimObject, judgeObject, listAppObjects } from './app-objects.ts'
export {
  type Binding,
  type BindingStatus,
  bindingName,
  bindingStatus,
  type Expectation,
} from './binding-status.ts'
export {
  buildOverridePolicy,
  buildPropagationPolicy,
  buildRebalancer,
  classesIn,
  everywhere,
  heldClusters,
  holdBack,
  type MemberClasses,
  policyTarget,
  takesClass,
} from './build-policies.ts'
export { chooseStorage } from './choose-storage.ts'
export { memberAccounts } from './clean-member.ts'
export { type Cluster, listClusters, servesKind } from './clusters.ts'
export { certificateEnd, connectFederation, findFederation } from './connect-federation.ts'
export { type ControlPlane, detectControlPlane } from './control-plane.ts'
export {
  definitionsUrl,
  readDefinitions,
  unpackDefinitions,
  verifyDefinitions,
} from './definitions.ts'
export { desiredReplicas, isFairSplit } from './desired-replicas.ts'
export { apiServiceRef, exposeApi, isExposed } from './expose-api.ts'
export { describeFailover, type FailoverSigns, tellFailover } from './failover.ts'
export { acquireHostLease } from './host-lease.ts'
export { findNewcomers } from './inhabitants.ts'
export { inspectMember } from './inspect-member.ts'
export { installControlPlane, repairControlPlane } from './install-control-plane.ts'
export {
  type FoundRecord,
  type InstallationRecord,
  recordRemoval,
  writeRecord,
} from './installation-record.ts'
export { type Joined, joinMember, type Member } from './join-member.ts'
export { joinState, listBarriers, waitJoined } from './join-state.ts'
export {
  type JoinedMember,
  type JudgedMember,
  judgeMember,
  judgeMembers,
  type MemberOwner,
  markOlderMembers,
} from './judge-members.ts'
export {
  type InstalledPlane,
  isOlderInstallation,
  type JudgedPlane,
  judgePlane,
  mayHoldOthers,
} from './judge-plane.ts'
export { judgeUpgrade } from './judge-upgrade.ts'
export type { Lasting } from './lasting.ts'
export { bindingRef, claimingPolicy, listBindings } from './list-bindings.ts'
export { listCopies } from './list-copies.ts'
export { listGuests } from './list-guests.ts'
export { listTenants } from './list-tenants.ts'
export { checkMemberEndpoint } from './member-credentials.ts'
export { listMemberHostnames } from './member-hostnames.ts'
export { checkIdentity } from './member-identity.ts'
export { isReservedNamespace, memberPath, policyVersion } from './names.ts'
export {
  buildPlacement,
  type Placement,
  placementClusters,
  placementWeights,
  readPlacement,
} from './placement.ts'
export type { MemberReport, RegionStatus } from './region-status.ts'
export { foreseeRemoval, type Removal, removeApp, removeTemplates } from './remove-app.ts'
export { removeControlPlane, TenantsError } from './remove-control-plane.ts'
export { removeOwned, stillOurs } from './remove-owned.ts'
export { renewControllers } from './renew-controllers.ts'
export { isPassing } from './run-karmadactl.ts'
export { describeOwner, describeTenants, explainTenant, type Tenant } from './tenant.ts'
export { createMembers } from './through-federation.ts'
export { type Unjoined, unjoinMember } from './unjoin-member.ts'
export { upgradeControlPlane } from './upgrade-control-plane.ts'
export { waitControlPlane } from './wait-control-plane.ts'
export { waitFederationAnswers } from './wait-federation.ts'
export { areHeld } from './works.ts'
