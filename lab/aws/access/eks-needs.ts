import { findRoute } from '../eks/routes.ts'
import type { NeedsOf } from './need-parts.ts'

/** What an operation of EKS needs: on the cluster that it names, or on the node group or access entry within it. */
export const eksNeeds: NeedsOf = (_, operation, { method, path, region, account }) => {
  const permission = `eks:${operation}`
  const [name, inner] = findRoute(method, path).parameters
  if (name === undefined) return [{ permission, resource: '*' }]
  const at = (thing: string) => `arn:aws:eks:${region}:${account}:${thing}`
  if (inner === undefined || operation === 'DescribeUpdate')
    return [{ permission, resource: at(`cluster/${name}`) }]
  if (operation.includes('Nodegroup')) return [{ permission, resource: at(`nodegroup/${name}/${inner}/*`) }]
  const [, owner, kind, principal] = /^arn:[\w-]+:iam::(\d+):(role|user)\/(.+)$/.exec(inner) ?? []
  const entry = `access-entry/${name}/${kind}/${owner}/${principal?.split('/').at(-1)}/*`
  return [{ permission, resource: at(entry) }]
}
