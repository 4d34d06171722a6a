import { join } from 'node:path'
import type { TrustPolicy } from '@meridian/lab-aws'
import { type Concurrency, type JobIdentity, runWorkflow, type WorkflowRun } from '@meridian/lab-runner'
import { labBoundary, type Universe } from '@meridian/lab-universe'
import { repositorySlug } from '@meridian/lab-world'
import type { Caller } from '../../../scripts/test/workflow-tokens.ts'
import { subjectOf } from '../../../scripts/test/workflow-tokens.ts'

export const root = join(import.meta.dirname, '../../..')
/** A repository that calls this one's workflows; its files are the same for all that tests make of it. */
export const shopFiles = join(import.meta.dirname, 'shop')

export const shop: Caller = { owner: 'acme', ownerId: '1001', repository: 'shop', repositoryId: '7007' }
export const platform: Caller = { ...shop, repository: 'platform', repositoryId: '5005' }

const roleOf = ({ repository }: Caller) => `arn:aws:iam::111122223333:role/${repository}`

/** Lets jobs of a repository's main branch, and nobody else, assume the role of its name. */
export function trustOnly({ aws }: Universe, caller: Caller): void {
  const subject = subjectOf(caller, 'ids', { event: 'workflow_dispatch' })
  const provider = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com'
  const policy: TrustPolicy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: provider },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:sub': subject,
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
          },
        },
      },
    ],
  }
  aws.setTrust(caller.repository, policy)
}

/** Runs a workflow of a repository that has no key of AWS, only the role of its name. */
export function runAs(
  caller: Caller,
  universe: Universe,
  workflow: string,
  request: { inputs?: Record<string, string>; concurrency?: Concurrency } = {},
): Promise<WorkflowRun> {
  const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...keyless } = universe.env
  const slug = `${caller.owner}/${caller.repository}`
  const sub = (job: JobIdentity) =>
    subjectOf(caller, 'ids', { event: job.trigger.event, environment: job.environment })
  return runWorkflow({
    file: join(shopFiles, '.github/workflows', workflow),
    workspace: shopFiles,
    repository: { slug, id: caller.repositoryId, ownerId: caller.ownerId },
    repositories: { [repositorySlug()]: root },
    vars: {
      MERIDIAN_ROLE: roleOf(caller),
      MERIDIAN_BOUNDARY: labBoundary,
      MERIDIAN_NAME_SERVERS: universe.nameServer,
    },
    tokens: {
      idToken: job =>
        universe.idTokenOf({ sub: sub(job), repository: slug, job_workflow_ref: job.jobWorkflowRef }),
    },
    env: keyless,
    ...request,
  })
}

/** The end of the log of each job that did not succeed: what a failing test shows. */
export function complaints({ jobs }: WorkflowRun): string[] {
  return jobs
    .filter(({ result }) => result !== 'success' && result !== 'skipped')
    .map(({ name, steps }) => [name, ...steps.flatMap(({ log }) => log.slice(-15))].join('\n'))
}
