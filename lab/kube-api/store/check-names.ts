import { textAt } from '@meridian/lab-world/json'
import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import {
  badRequest,
  type FieldProblem,
  forbidden,
  invalidValue,
  notFound,
  refuse,
  requiredValue,
  StatusError,
} from '../status-error.ts'
import type { Store } from '../store.ts'
import {
  dns1035Rules,
  dnsLabelRules,
  dnsSubdomainRules,
  pathSegmentRules,
  type TextRule,
} from '../text-rules.ts'
import { metadataProblems } from './check-metadata.ts'

const nameRules: Record<NonNullable<Kind['nameRule']>, TextRule> = {
  subdomain: dnsSubdomainRules,
  label: dnsLabelRules,
  'label-1035': dns1035Rules,
  path: pathSegmentRules,
}

/** Name and metadata of a new object, else 422. */
export function checkNames(kind: Kind, object: KubeObject): void {
  const { name, generateName } = object.metadata
  const problems = generateName ? prefixProblems(kind, generateName) : []
  problems.push(
    ...(name
      ? nameProblems(kind, name)
      : [requiredValue('metadata.name', 'name or generateName is required')]),
  )
  problems.push(...metadataProblems(object.metadata))
  refuse(kind, name, problems)
}

/** Of a prefix, the dash that is to be followed by more is taken for a letter. */
function prefixProblems(kind: Kind, prefix: string): FieldProblem[] {
  const rules = nameRules[kind.nameRule ?? 'subdomain']
  return rules(prefix.replace(/-$/, 'a')).map(rule => invalidValue('metadata.generateName', prefix, rule))
}

function nameProblems(kind: Kind, name: string): FieldProblem[] {
  const rules = nameRules[kind.nameRule ?? 'subdomain']
  return rules(name).map(rule => invalidValue('metadata.name', name, rule))
}

/** The namespace of a new object must exist and not be on its way out. */
export function checkNamespace(kind: Kind, object: KubeObject, store: Store): void {
  const { name, namespace = '' } = object.metadata
  if (!kind.namespaced) {
    if (namespace) throw badRequest('namespace is not allowed on this type')
    return
  }
  const namespaces = store.findKind('namespaces')
  if (!namespaces) return
  const home = store.get('namespaces', undefined, namespace)
  if (!home) throw notFound(namespaces, namespace)
  if (textAt(home, 'status', 'phase') !== 'Terminating') return
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`
  const { message, details } = forbidden(kind, name, why).body
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  }
  throw new StatusError(403, 'Forbidden', message ?? why, { ...details, causes: [cause] })
}

const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** A name from `metadata.generateName`: the prefix and five characters that spell no words. */
export function generateName(prefix: string): string {
  const suffix = Array.from({ length: 5 }, () =>
    nameAlphabet.charAt(Math.floor(Math.random() * nameAlphabet.length)),
  )
  return prefix.slice(0, 58) + suffix.join('')
}
