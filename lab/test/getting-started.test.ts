import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Policies, Policy, TrustPolicy } from '@meridian/lab-aws'
import { runWorkflow, type WorkflowRun } from '@meridian/lab-runner'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderTemplate } from '../../scripts/test/cloudformation.ts'
import { type Caller, subjectOf } from '../../scripts/test/workflow-tokens.ts'

/** The road of docs/getting-started.md: nothing but its stack, its variables and its inputs. */

const root = join(import.meta.dirname, '../..')
const caller: Caller = {
  owner: 'meridian-actions',
  ownerId: '70000001',
  repository: 'meridian',
  repositoryId: '700000001',
}
const clients = ['create-cluster', 'federate', 'deploy-federated-app', 'latency-dns', 'teardown', 'kops']
const clusters = '[{"name":"usa","region":"us-east-1","zones":["us-east-1a"]}]'
let universe: Universe

beforeAll(async () => {
  const policies: Record<string, Policy> = {}
  universe = await startUniverse({ scale: 600, policies: policies as Policies })
  const { domain, zone, aws } = universe
  const { resources } = renderTemplate(readFileSync(join(root, 'infra/cloudformation.yaml'), 'utf8'), {
    Owner: caller.owner,
    OwnerId: caller.ownerId,
    Repository: caller.repository,
    RepositoryId: caller.repositoryId,
    Domain: domain,
    HostedZone: zone.id,
    StateBucket: `*.${domain}-state`,
  })
  const attached = Object.entries(resources).flatMap(([name, { Type, Properties }]) =>
    Type === 'AWS::IAM::ManagedPolicy' && name !== 'Boundary' ? [Properties.PolicyDocument as Policy] : [],
  )
  // One role has them all, whichever program asks with it.
  const Statement = attached.flatMap(policy => policy.Statement)
  for (const client of clients) policies[client] = { Version: '2012-10-17', Statement }
  aws.setTrust('meridian', resources.Role?.Properties.AssumeRolePolicyDocument as TrustPolicy)
})
afterAll(() => universe.close())

/** Runs a workflow as a repository does that has the variables of the page, and no key of AWS. */
function run(workflow: string, inputs: Record<string, string>): Promise<WorkflowRun> {
  const { env, idToken, domain, nameServer } = universe
  const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...keyless } = env
  return runWorkflow({
    file: join(root, `.github/workflows/${workflow}.yml`),
    workspace: root,
    inputs,
    vars: {
      MERIDIAN_ROLE: 'arn:aws:iam::111122223333:role/meridian',
      MERIDIAN_BOUNDARY: 'arn:aws:iam::111122223333:policy/meridian-machines',
      MERIDIAN_DOMAIN: domain,
      MERIDIAN_NAME_SERVERS: nameServer,
    },
    env: { ...keyless, ...idToken },
  })
}

/** The end of the log of each job that did not succeed. */
const complaints = ({ jobs }: WorkflowRun) =>
  jobs
    .filter(({ result }) => result !== 'success')
    .map(({ name, steps }) => [name, ...steps.flatMap(({ log }) => log.slice(-15))].join('\n'))

const left = () => universe.world.inventory.list().map(({ type, id }) => `${type} ${id}`)

test('the stack and the variables are enough for Up, Down and the reaper', async () => {
  const { aws, domain } = universe
  aws.setSubject(subjectOf(caller, 'ids', { event: 'workflow_dispatch' }))
  expect(complaints(await run('up', { domain, clusters, ttl: '8h' }))).toEqual([])
  const claim = aws.s3.readObject(`usa.${domain}-state`, `usa.${domain}.claim.json`)
  expect(claim).toMatch(/"expires/)
  const built = left()
  expect(complaints(await run('down', { domain, clusters, 'dry-run': 'true' }))).toEqual([])
  expect(left()).toEqual(built)

  aws.setSubject(subjectOf(caller, 'names', { event: 'schedule' }))
  expect(complaints(await run('down', { domain, clusters }))).toEqual([])
  expect(left()).toEqual([])
  expect(complaints(await run('reap', { 'dry-run': 'false' }))).toEqual([])
})

test('a job with an environment, which the stack does not name, is told that the trust does not fit', async () => {
  const { aws, domain } = universe
  aws.setSubject(subjectOf(caller, 'ids', { event: 'workflow_dispatch', environment: 'production' }))
  const [complaint] = complaints(await run('down', { domain, clusters }))
  expect(complaint).toContain('AWS does not let this job assume arn:aws:iam::111122223333:role/meridian')
})
