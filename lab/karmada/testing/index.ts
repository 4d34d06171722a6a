export { federationAdmin, installKarmada, startFederationWorld } from './federation.ts'
export { joinMember, untilJoined } from './join.ts'
