export type { Accounts } from './accounts.ts'
export { addResource } from './add-resource.ts'
export {
  detachInstance,
  instancesOf,
  resizeGroup,
  retryLaunches,
  type ScalingActivity,
} from './autoscaling.ts'
export { type Clock, createClock } from './clock.ts'
export type { ClusterHost, ClusterSpec, ClusterView, Machine } from './cluster-host.ts'
export { worldControl } from './control.ts'
export { type CrashPoint, crashPoints } from './crash-points.ts'
export { type Deletion, deleteResource } from './delete-resource.ts'
export { type Faults, knownFaults, objectToFault } from './faults.ts'
export { type ForwardProxy, openForwardProxy, type ProxyOptions, type ProxyUse } from './forward-proxy.ts'
export {
  type ControlAnswer,
  type ControlHandler,
  type ControlRequest,
  type ControlRoutes,
  type FrontDoor,
  openFrontDoor,
} from './front-door.ts'
export { arnOf } from './identifiers.ts'
export type { Departed, HistoryPoint, Inventory } from './inventory.ts'
export type { MixedInstances } from './machine-choice.ts'
export { closedPort, createNetwork, type Network } from './network.ts'
export { isOffered } from './offered-types.ts'
export { randomText, seededRandom } from './random.ts'
export {
  type Failure,
  type FaultedRequest,
  failures,
  kubernetesFailures,
  type PlannedFault,
  proxyFailures,
  type RequestFault,
  type RequestFaults,
} from './request-faults.ts'
export { clientOf, type LoggedRequest, type RequestLog, type RequestSummary } from './request-log.ts'
export { clusterOf, type NewResource, type Resource, type ResourceType, textAttribute } from './resource.ts'
export { createWorld, type World, type WorldOptions } from './world.ts'
