import { sameJson } from '@meridian/lab-world/json'
import { invalidValue, requiredValue, unsupportedValue } from '../status-error.ts'
import { dns1035Rules, dnsSubdomainRules, pathSegmentRules } from '../text-rules.ts'
import {
  distinct,
  each,
  exactlyOneOf,
  isAbsent,
  itemsOf,
  named,
  oneOf,
  outside,
  partsOf,
  type Rule,
  required,
  type TypeRules,
  type UpdateRule,
} from './rule.ts'

const accessGroup = 'rbac.authorization.k8s.io'
const subject: Rule = ({ value, at, object }) => {
  const { kind = '', name = '', apiGroup = '', namespace = '' } = partsOf(value)
  const inGroup =
    apiGroup === accessGroup ? [] : [unsupportedValue(`${at}.apiGroup`, apiGroup, [accessGroup])]
  const missing = name === '' ? [requiredValue(`${at}.name`)] : []
  switch (kind) {
    case 'ServiceAccount':
      return [
        ...missing,
        ...(name ? dnsSubdomainRules(String(name)).map(rule => invalidValue(`${at}.name`, name, rule)) : []),
        ...(apiGroup === '' ? [] : [unsupportedValue(`${at}.apiGroup`, apiGroup, [''])]),
        ...(namespace === '' && object.kind === 'ClusterRoleBinding'
          ? [requiredValue(`${at}.namespace`)]
          : []),
      ]
    case 'User':
    case 'Group':
      return [...missing, ...inGroup]
  }
  return [...missing, unsupportedValue(`${at}.kind`, kind, ['ServiceAccount', 'User', 'Group'])]
}

const roleRule: Rule = ({ value, at, object }) => {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = partsOf(value)
  const here = `${at}.nonResourceURLs`
  const problems = isAbsent(verbs)
    ? [requiredValue(`${at}.verbs`, 'verbs must contain at least one value')]
    : []
  if (!isAbsent(nonResourceURLs)) {
    if (object.kind === 'Role')
      problems.push(invalidValue(here, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'))
    if (![apiGroups, resources, resourceNames].every(isAbsent))
      problems.push(
        invalidValue(
          here,
          nonResourceURLs,
          'rules cannot apply to both regular resources and non-resource URLs',
        ),
      )
    return problems
  }
  if (isAbsent(apiGroups))
    problems.push(requiredValue(`${at}.apiGroups`, 'resource rules must supply at least one api group'))
  if (isAbsent(resources))
    problems.push(requiredValue(`${at}.resources`, 'resource rules must supply at least one resource'))
  return problems
}

const roleRef: TypeRules = {
  apiGroup: ({ value = '', at }) =>
    value === accessGroup ? [] : [unsupportedValue(at, value, [accessGroup])],
  kind: ({ value = '', at, object }) => {
    const allowed = object.kind === 'ClusterRoleBinding' ? ['ClusterRole'] : ['Role', 'ClusterRole']
    return allowed.includes(String(value)) ? [] : [unsupportedValue(at, value, allowed)]
  },
  name: named(pathSegmentRules),
}

const webhook: TypeRules = {
  name: ({ value = '', at }) => {
    if (value === '') return [requiredValue(at)]
    const rules = dnsSubdomainRules(String(value))
    if (rules.length > 0) return [invalidValue(at, value, rules.join(','))]
    return String(value).split('.').length < 3
      ? [invalidValue(at, value, 'should be a domain with at least three segments separated by dots')]
      : []
  },
  failurePolicy: oneOf('Fail', 'Ignore'),
  matchPolicy: oneOf('Equivalent', 'Exact'),
  sideEffects: ({ value, ...site }) =>
    value === undefined
      ? [requiredValue(site.at, 'must specify one of None, NoneOnDryRun')]
      : oneOf('None', 'NoneOnDryRun')({ value, ...site }),
  timeoutSeconds: outside(1, 30, 'the timeout value must be between 1 and 30 seconds'),
  clientConfig: ({ value, at }) => {
    const { url, service } = partsOf(value)
    return (url === undefined) === (service === undefined)
      ? [requiredValue(at, 'exactly one of url or service is required')]
      : []
  },
  admissionReviewVersions: ({ value, at }) => {
    const versions = itemsOf(value)
    if (versions.length === 0) return [requiredValue(at, 'must specify one of v1, v1beta1')]
    return [
      ...versions.flatMap((version, index) =>
        versions.indexOf(version) < index
          ? [invalidValue(`${at}[${index}]`, version, 'duplicate version')]
          : dns1035Rules(String(version)).map(rule => invalidValue(`${at}[${index}]`, version, rule)),
      ),
      ...(versions.includes('v1') || versions.includes('v1beta1')
        ? []
        : [invalidValue(at, versions, 'must include at least one of v1, v1beta1')]),
    ]
  },
}

/** The rules of access, and of what is asked before an object is written. */
export const accessRules: Readonly<Record<string, TypeRules>> = {
  'rbac.v1.PolicyRule': { verbs: [], '': roleRule },
  'rbac.v1.RoleRef': roleRef,
  'rbac.v1.Subject': { kind: [], name: [], '': subject },
  'rbac.v1.AggregationRule': {
    clusterRoleSelectors: required('at least one clusterRoleSelector required if aggregationRule is non-nil'),
  },
  'admissionregistration.v1.ValidatingWebhookConfiguration': { webhooks: distinct('name') },
  'admissionregistration.v1.MutatingWebhookConfiguration': { webhooks: distinct('name') },
  'admissionregistration.v1.ValidatingWebhook': webhook,
  'admissionregistration.v1.MutatingWebhook': webhook,
  // The server itself tells a missing namespace as a missing name, and a missing name as a missing namespace.
  'admissionregistration.v1.ServiceReference': {
    namespace: ({ value, at }) => (isAbsent(value) ? [requiredValue(at.replace(/namespace$/, 'name'))] : []),
    name: ({ value, at }) => (isAbsent(value) ? [requiredValue(at.replace(/name$/, 'namespace'))] : []),
    path: ({ value, at }) =>
      value === undefined || String(value).startsWith('/')
        ? []
        : [invalidValue(at, value, "must start with a '/'")],
    port: outside(1, 65_535, 'port is not valid: must be between 1 and 65535, inclusive'),
  },
  'admissionregistration.v1.RuleWithOperations': {
    operations: [required(), each(exactlyOneOf('*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'))],
    apiGroups: required(),
    apiVersions: [required(), each(required())],
    resources: [required(), each(required())],
    scope: oneOf('*', 'Cluster', 'Namespaced'),
  },
}

const keptRole: UpdateRule = ({ next, live }) =>
  sameJson(next.roleRef, live.roleRef) ? [] : [invalidValue('roleRef', next.roleRef, 'cannot change roleRef')]

export const accessUpdates: Readonly<Record<string, readonly UpdateRule[]>> = {
  'rbac.authorization.k8s.io/RoleBinding': [keptRole],
  'rbac.authorization.k8s.io/ClusterRoleBinding': [keptRole],
}
