export { type AppObjects, claimObject, judgeObject, listAppObjects } from './apps/app-objects.ts'
export { bindingRef, claimingPolicy, listBindings, watchBindings } from './apps/list-bindings.ts'
export { listCopies } from './apps/list-copies.ts'
export { listGuests } from './apps/list-guests.ts'
export { listTenants } from './apps/list-tenants.ts'
export { findNewcomers } from './apps/namespace-contents.ts'
export { areHeld } from './apps/remaining-works.ts'
export { foreseeRemoval, removeApp, removeTemplates } from './apps/remove-app.ts'
export { describeOwner, describeTenants, explainTenant, type Tenant } from './apps/tenant.ts'
export { chooseStorage } from './control-plane/choose-storage.ts'
export { certificateEnd, connectFederation, findFederation } from './control-plane/connect-federation.ts'
export {
  definitionsUrl,
  readDefinitions,
  unpackDefinitions,
  verifyDefinitions,
} from './control-plane/definitions.ts'
export { type ControlPlane, detectControlPlane } from './control-plane/detect-control-plane.ts'
export { apiServiceRef, exposeApi, isExposed } from './control-plane/expose-api.ts'
export { describeFailover, tellFailover } from './control-plane/failover.ts'
export { acquireHostLease } from './control-plane/host-lease.ts'
export { installControlPlane, repairControlPlane } from './control-plane/install-control-plane.ts'
export { recordRemoval, writeRecord } from './control-plane/installation-record.ts'
export type { FoundRecord, InstallationRecord, InstalledPlane } from './control-plane/installed-plane.ts'
export {
  isOlderInstallation,
  type JudgedPlane,
  judgePlane,
  mayHoldOthers,
} from './control-plane/judge-plane.ts'
export { judgeUpgrade } from './control-plane/judge-upgrade.ts'
export { removeControlPlane, TenantsError } from './control-plane/remove-control-plane.ts'
export { renewControllers } from './control-plane/renew-controllers.ts'
export { isPassing } from './control-plane/run-karmadactl.ts'
export { upgradeControlPlane } from './control-plane/upgrade-control-plane.ts'
export { waitControlPlane } from './control-plane/wait-control-plane.ts'
export { waitFederationAnswers } from './control-plane/wait-federation.ts'
export { memberAccounts } from './members/clean-member.ts'
export { type Cluster, listClusters, servesKind } from './members/clusters.ts'
export { inspectMember } from './members/inspect-member.ts'
export { type Joined, joinMember } from './members/join-member.ts'
export { joinState, listBarriers, waitJoined } from './members/join-state.ts'
export {
  type JoinedMember,
  type JudgedMember,
  judgeListed,
  judgeMember,
  judgeMembers,
  type MemberOwner,
  markOlderMembers,
} from './members/judge-members.ts'
export type { Member } from './members/member.ts'
export { readMemberVersion } from './members/member-credentials.ts'
export { listMemberHostnames } from './members/member-hostnames.ts'
export { type MemberSpace, readMemberSpace } from './members/member-identity.ts'
export { proveJoin } from './members/prove-join.ts'
export { type Joins, readJoins } from './members/read-joins.ts'
export { createMembers } from './members/through-federation.ts'
export { type Unjoined, unjoinMember } from './members/unjoin-member.ts'
export { isReservedNamespace, memberPath, policyVersion } from './names.ts'
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
} from './policies/build-policies.ts'
export {
  buildPlacement,
  type Placement,
  placementClusters,
  placementWeights,
  readPlacement,
} from './policies/placement.ts'
export { removeOwned, stillOurs } from './remove-owned.ts'
export { type Binding, bindingName, type Expectation } from './status/binding.ts'
export { type BindingStatus, bindingStatus } from './status/binding-status.ts'
export { desiredReplicas, isFairSplit } from './status/desired-replicas.ts'
export type { Lasting } from './status/lasting.ts'
export type { RegionStatus } from './status/region-status.ts'
