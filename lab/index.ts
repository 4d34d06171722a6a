export type { KopsRun, NewCluster } from './add-cluster.ts'
export {
  type Account,
  type AnswerState,
  type BrokenAnswer,
  brokenAnswers,
  documentedBoundary,
  documentedPolicies,
  labKey,
  type Targets,
} from './aws/index.ts'
export type { NewEks } from './eks/add-cluster.ts'
export type { EksHandle } from './eks/handle.ts'
export {
  actionsBot,
  type Comment,
  type Deployment,
  dependabot,
  type Github,
  type GithubEvent,
  type GithubRepository,
  type NewPull,
  type Permissions,
  type Pull,
} from './github/index.ts'
export { type Concurrency, createConcurrency } from './runner/concurrency.ts'
export { ownRepository, type Repositories, type Repository } from './runner/repositories.ts'
export { type ActionRequest, type ActionRun, runAction, runPost } from './runner/run-action.ts'
export type { JobIdentity, TokenService, Trigger } from './runner/run-context.ts'
export type { JobRun, Result, RunEvent, StepRun, WorkflowRun } from './runner/run-report.ts'
export { runWorkflow, type WorkflowRequest } from './runner/run-workflow.ts'
export { byWorldClock } from './runner/scaled-clock.ts'
export { compareSnapshots, type Snapshot } from './snapshot.ts'
export { labBoundary, labDomain, startUniverse, type Universe, type UniverseOptions } from './universe.ts'
export { type Failure, failures, proxyFailures, type RequestFault } from './world/index.ts'
