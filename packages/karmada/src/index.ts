export {
  type Binding,
  type BindingStatus,
  bindingName,
  bindingStatus,
  type RegionStatus,
} from './binding-status.ts'
export { buildOverridePolicy, buildPlacement, buildPropagationPolicy } from './build-policies.ts'
export { type Cluster, listClusters } from './clusters.ts'
export { connectFederation, findFederation, waitFederationAnswers } from './connect-federation.ts'
export { type ControlPlane, detectControlPlane } from './control-plane.ts'
export { desiredReplicas, isFairSplit } from './desired-replicas.ts'
export { exposeApi } from './expose-api.ts'
export { type EtcdStorage, installControlPlane, repairControlPlane } from './install-control-plane.ts'
export { checkMemberEndpoint, type Joined, joinMember, type Member } from './join-member.ts'
export { type JoinState, joinState, waitJoined } from './join-state.ts'
export { listBindings } from './list-bindings.ts'
export { type Placement, placementClusters, placementWeights } from './placement.ts'
export { removeApp } from './remove-app.ts'
export { removeControlPlane } from './remove-control-plane.ts'
export { type Unjoined, unjoinMember } from './unjoin-member.ts'
export { waitControlPlane } from './wait-control-plane.ts'
