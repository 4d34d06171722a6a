import { decided } from '@meridian/runner'
import { isDoubtful } from '../ownership/judge-group.ts'
import type { Route53 } from '../route53.ts'
import { type ObservedGroup, readGroup } from '../zone/read-group.ts'
import { readGroups } from '../zone/read-groups.ts'
import type { Plan } from './plan.ts'

/**
 * Reads a name and plans by it. Where something would be changed that was perhaps not written by this release alone,
 * the whole zone is read for the marks of external-dns and octoDNS, which stand at other names, and planned by anew.
 */
export async function lookAndPlan(
  route53: Route53,
  zone: { id: string; name: string },
  fqdn: string,
  plan: (observed: ObservedGroup) => Plan,
  look?: 'needed' | 'if-allowed',
): Promise<Plan> {
  const tell = (made: Plan) => decided(fqdn, made, describePlanned)
  const observed = await readGroup(route53, zone, fqdn, look)
  const first = plan(observed)
  const changes = first.kind === 'change' || (first.kind === 'refuse' && first.reason === 'unowned')
  if (!changes || !isDoubtful(observed)) return tell(first)
  const group = (await readGroups(route53, zone)).find(one => one.fqdn === fqdn)
  return tell(group?.written.kind === 'alien' ? plan({ ...observed, alien: group.written }) : first)
}

function describePlanned(plan: Plan): string {
  if (plan.kind === 'refuse') return `refused: ${plan.message}`
  const rows = plan.rows.map(({ action, record, subject }) => `${action} ${record} ${subject}`)
  return `${plan.kind}: ${rows.join(', ') || 'nothing there'}`
}
