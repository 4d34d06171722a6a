import {
  addResource,
  arnOf,
  type ControlAnswer,
  type ControlRequest,
  type ControlRoutes,
  deleteResource,
  type NewResource,
  type Resource,
  type ResourceType,
  resizeGroup,
  type World,
} from '../../world/index.ts'
import type { Admission } from '../access/admission.ts'
import { AwsError } from '../protocol/aws-error.ts'
import { createCaller } from './call-services.ts'
import { kopsBeginning, kopsCalls, kopsResizing, taggingOf } from './calls.ts'
import { checkLimits } from './limits.ts'

/**
 * The routes by which the stand-in for kops makes, finds and deletes resources. Each stands for the requests that
 * kops would send: they are admitted, can fail and are logged one by one, like all others.
 */
export function kopsControl(world: World, admit: Admission): ControlRoutes {
  const call = createCaller(world, admit)
  return {
    'GET /_world/resources': request =>
      answer(async () => {
        const types = (request.query.get('types') ?? '').split(',').filter(Boolean) as ResourceType[]
        const kinds = types.length > 0 ? types : (Object.keys(kopsCalls) as ResourceType[])
        const finding = new Set(kinds.flatMap(type => kopsCalls[type]?.find ?? []))
        await call(request, [...kopsBeginning, ...finding], { arn: '*' })
        const found = world.inventory.list({
          account: request.account,
          tags: { KubernetesCluster: request.query.get('cluster') ?? '' },
        })
        return found.filter(({ type }) => kinds.includes(type))
      }),
    'POST /_world/resources': request =>
      answer(async () => {
        const made = []
        for (const wanted of request.body as NewResource[]) {
          const given = { ...wanted, account: request.account }
          await call(request, kopsCalls[given.type]?.make ?? [], { arn: futureArn(given) })
          checkLimits(world, given)
          made.push(addResource(world, given))
        }
        return made
      }),
    'POST /_world/tags/:id': request =>
      answer(async () => {
        const resource = find(world, request)
        await call(request, [taggingOf(resource.arn)], resource)
        world.inventory.tag(resource.id, request.body as Record<string, string>)
        return resource
      }),
    'POST /_world/groups/:id': request =>
      answer(async () => {
        const group = find(world, request)
        if (group.type !== 'autoscaling-group') throw absent()
        await call(request, kopsResizing, group)
        resizeGroup(world, group, request.body as { minSize: number; maxSize: number })
        return group
      }),
    'DELETE /_world/resources/:id': request =>
      answer(async () => {
        const resource = find(world, request)
        await call(request, kopsCalls[resource.type]?.remove ?? [], resource)
        const deletion = deleteResource(world, resource.id)
        if (deletion.outcome === 'blocked') throw new AwsError(409, deletion.code, deletion.message)
        return deletion
      }),
  }
}

async function answer(perform: () => Promise<unknown>): Promise<ControlAnswer> {
  try {
    return { body: await perform() }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const { status, code, message, details } = error
    return { status, body: { code, message, ...details } }
  }
}

function find(world: World, { params, account }: ControlRequest): Resource {
  const resource = world.inventory.get(params.id ?? '')
  if (resource?.account !== account) throw absent()
  return resource
}

// A policy can name what is known by name; the others have no id before they are made.
function futureArn(given: NewResource & { account: string }): string {
  const ofEc2 = /^arn:aws:ec2:/.test(arnOf(given, '', given.account))
  return arnOf(given, ofEc2 ? '*' : (given.id ?? given.name ?? '*'), given.account)
}

const absent = () => new AwsError(404, 'NotFound', 'the world has no such resource')
