export { CancelledError, messageOf, TimeoutError, UserError } from './errors.ts'
export { formatDuration, parseDuration } from './inputs/duration.ts'
export {
  camelCase,
  defineInputs,
  type Environment,
  type Field,
  type InputsOf,
  optional,
  type Problem,
  required,
  secret,
} from './inputs/inputs.ts'
export { cidr, networkOf } from './inputs/parse-cidr.ts'
export {
  duration,
  flag,
  integer,
  label,
  lifetime,
  list,
  oneOf,
  type Parser,
  path,
  roleArn,
  text,
  waitingTime,
  yamlOf,
} from './inputs/parsers.ts'
export { typedInputs } from './inputs/typed-inputs.ts'
export type { Job, Run } from './job/job.ts'
export { start } from './job/start.ts'
export { type Lease, LeaseHeldError, takeLease } from './lease/lease.ts'
export { describeHolder, isEarlierAttempt, type LeaseHolder, newHolder } from './lease/lease-holder.ts'
export type { LeaseSight, LeaseStore } from './lease/lease-store.ts'
export { decided } from './log/decided.ts'
export { defuse, type Log } from './log/log.ts'
export * as markdown from './log/markdown.ts'
export { agentsFor, proxyOptions } from './network/agents.ts'
export { type GithubAnswer, githubLimitWait, isGithubLimit } from './network/github-limit.ts'
export { namedProxy, type ProxyServer, proxyFor, proxySecrets, proxyVariables } from './network/proxies.ts'
export { explainProxy, proxyFoundNobody, proxyRefused, refusal } from './network/proxy-failures.ts'
export { firstSent, type Reply, type Sending, sendRequest } from './network/send-request.ts'
export { explainSystemError } from './system-errors.ts'
export { inParallel, limitTo } from './wait/in-parallel.ts'
export { retry } from './wait/retry.ts'
export {
  type Done,
  done,
  type Hint,
  type Patience,
  pause,
  type Waiting,
  waitFor,
  waiting,
} from './wait/wait.ts'
