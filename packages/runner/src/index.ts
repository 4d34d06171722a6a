export { agentsFor, proxyOptions } from './agents.ts'
export { decided } from './decided.ts'
export { formatDuration, parseDuration } from './duration.ts'
export { CancelledError, messageOf, TimeoutError, UserError } from './errors.ts'
export { type GithubAnswer, githubLimitWait, isGithubLimit } from './github-limit.ts'
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
} from './inputs.ts'
export type { Job, Run } from './job.ts'
export { type Lease, LeaseHeldError, type LeaseSight, type LeaseStore, takeLease } from './lease.ts'
export { describeHolder, isEarlierAttempt, type LeaseHolder, newHolder } from './lease-holder.ts'
export { defuse, type Log } from './log.ts'
export * as markdown from './markdown.ts'
export { cidr, networkOf } from './parse-cidr.ts'
export {
  duration,
  flag,
  integer,
  label,
  list,
  oneOf,
  type Parser,
  path,
  roleArn,
  text,
  waitingTime,
  yamlOf,
} from './parsers.ts'
export { namedProxy, type ProxyServer, proxyFor, proxySecrets, proxyVariables } from './proxies.ts'
export { explainProxy, proxyFoundNobody, proxyRefused, refusal } from './proxy-failures.ts'
export { retry } from './retry.ts'
export { type Reply, type Sending, sendRequest } from './send-request.ts'
export { start } from './start.ts'
export { explainSystemError } from './system-errors.ts'
export { typedInputs } from './typed-inputs.ts'
export { type Done, done, type Patience, pause, type Waiting, waitFor, waiting } from './wait.ts'
