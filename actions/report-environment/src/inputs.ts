import { domain, environmentName } from '@meridian/identity'
import {
  defineInputs,
  duration,
  type Environment,
  flag,
  type InputsOf,
  integer,
  oneOf,
  optional,
  type Parser,
  type Problem,
  required,
  secret,
  text,
  waitingTime,
  yamlOf,
} from '@meridian/runner'
import * as z from 'zod/mini'

/** What can be said of an environment. */
export const states = [
  'building',
  'updating',
  'ready',
  'failed',
  'removing',
  'stuck',
  'gone',
  'refused',
] as const
export type State = (typeof states)[number]

const endpoints = yamlOf(
  z.array(
    z.object({
      cluster: z.string(),
      region: z.string(),
      service: z.optional(z.string()),
      hostname: z.string(),
    }),
  ),
)
const replicas = yamlOf(z.record(z.string(), z.int('must be a whole number').check(z.gte(0))))
const environments = yamlOf(
  z.array(
    z.object({
      environment: z.string(),
      domain: z.string(),
      repository: z.string(),
      pullRequest: z.optional(z.string()),
      gone: z.boolean(),
      reason: z.string(),
    }),
  ),
)

const commit: Parser<string> = raw => {
  if (!/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(raw)) throw new Error('must be the 40 digits of a commit')
  return raw
}

const webPage: Parser<string> = raw => {
  if (!/^https?:\/\/[A-Za-z0-9.-]+(:\d+)?(\/[\w./~%-]*)?$/.test(raw) || raw.length > 500)
    throw new Error("must be a URL such as 'http://shop.k8s.example.com'")
  return raw
}

const prefix: Parser<string> = raw => {
  if (!/^[a-z0-9]([a-z0-9-]{0,12})$/.test(raw))
    throw new Error("must be at most 13 characters: a–z, 0–9 and '-', starting with a letter or digit")
  return raw
}

const login: Parser<string> = raw => {
  if (!/^[A-Za-z0-9-]{1,60}(\[bot\])?$/.test(raw))
    throw new Error("must be a login such as 'github-actions[bot]'")
  return raw
}

const instant: Parser<Date> = raw => {
  const at = new Date(raw)
  if (!/^\d{4}-\d\d-\d\dT/.test(raw) || Number.isNaN(at.getTime()))
    throw new Error("must be a time such as '2026-01-31T12:00:00Z'")
  return at
}

const cost: Parser<number> = raw => {
  if (!/^\d{1,6}(\.\d{1,12})?$/.test(raw)) throw new Error("must be an amount such as '0.62'")
  return Number(raw)
}

/** What a label of GitHub may be: shown, compared, and nothing else. */
const anyLabel: Parser<string> = raw => {
  if (raw.length > 50) throw new Error('must have 50 characters at most')
  return text(raw)
}

const spec = {
  mode: required(oneOf('report', 'look', 'sweep')),
  state: optional(oneOf(...states)),
  reason: optional(text),
  wanted: optional(oneOf('up', 'down', 'none')),
  'pull-request': optional(integer(1, 999_999_999)),
  domain: required(domain),
  environment: optional(environmentName),
  prefix: required(prefix),
  commit: optional(commit),
  label: optional(anyLabel),
  drafts: required(flag),
  dependabot: required(flag),
  commands: required(flag),
  ttl: required(duration),
  'max-ttl': required(duration),
  url: optional(webPage),
  endpoints: optional(endpoints),
  replicas: optional(replicas),
  'cluster-cost': optional(cost),
  'expires-at': optional(instant),
  environments: optional(environments),
  'comment-author': required(login),
  deployment: required(flag),
  'delete-environment': required(flag),
  'github-token': secret(required(text)),
  'dry-run': required(flag),
  timeout: required(waitingTime),
}

export type Inputs = InputsOf<typeof spec>

/** Reads every input at once; throws one UserError for all that is wrong with them. */
export const readInputs: (env: Environment) => Inputs = defineInputs(spec, check)

function check(inputs: Inputs): Problem[] {
  const needed: [isNeeded: boolean, input: string, value: unknown][] = [
    [inputs.mode === 'report', 'state', inputs.state],
    [inputs.mode === 'sweep', 'environments', inputs.environments],
  ]
  return needed.flatMap(([isNeeded, input, value]) =>
    isNeeded && value === undefined
      ? [{ input, message: `is required in mode ${inputs.mode}, but it was not given` }]
      : [],
  )
}
