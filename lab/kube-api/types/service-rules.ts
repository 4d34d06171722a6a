import { fieldsAt, listAt, sameJson, textAt } from '@meridian/lab-world/json'
import {
  duplicateValue,
  type FieldProblem,
  forbiddenValue,
  invalidValue,
  requiredValue,
} from '../status-error.ts'
import { dnsLabelRules, dnsSubdomainRules, qualifiedNameRules } from '../text-rules.ts'
import { addressRule, labelsRule, networkRule, portOrName, portRule, reachable } from './field-rules.ts'
import {
  distinct,
  each,
  exactlyOneOf,
  given,
  isAbsent,
  itemsOf,
  oneOf,
  partsOf,
  type Rule,
  requiredOneOf,
  type TypeRules,
  text,
  type UpdateRule,
  unique,
} from './rule.ts'

const serviceTypes = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const isHeadless = (spec: unknown) => listAt(spec, 'clusterIPs')[0] === 'None'

const servicePorts: Rule = ({ value, at, within }) => {
  const ports = itemsOf(value)
  const optional = isHeadless(within) || within.type === 'ExternalName'
  const [claims, nodePorts] = [new Set<string>(), new Set<string>()]
  const problems: FieldProblem[] = ports.length === 0 && !optional ? [requiredValue(at)] : []
  if (ports.length > 1)
    problems.push(
      ...ports.flatMap((port, index) =>
        textAt(port, 'name') ? [] : [requiredValue(`${at}[${index}].name`)],
      ),
    )
  problems.push(...distinct('name')({ value, at, within, object: {} }))
  for (const [index, port] of ports.entries()) {
    const { protocol, port: number, nodePort } = fieldsAt({ port }, 'port')
    const here = `${at}[${index}]`
    if (nodePort && within.type === 'ClusterIP')
      problems.push(forbiddenValue(`${here}.nodePort`, "may not be used when `type` is 'ClusterIP'"))
    if (nodePort && nodePorts.has(`${protocol}/${nodePort}`))
      problems.push(duplicateValue(`${here}.nodePort`, nodePort))
    nodePorts.add(`${protocol}/${nodePort}`)
    if (claims.has(`${protocol}/${number}`))
      problems.push(
        duplicateValue(here, {
          Name: '',
          Protocol: protocol,
          AppProtocol: null,
          Port: number,
          TargetPort: 0,
          NodePort: 0,
        }),
      )
    claims.add(`${protocol}/${number}`)
  }
  return problems
}

const affinity: Rule = ({ value, at, within }) => {
  if (within.sessionAffinity === 'None')
    return value === undefined ? [] : [forbiddenValue(at, 'must not be set when session affinity is None')]
  const seconds = fieldsAt(value, 'clientIP').timeoutSeconds
  return typeof seconds === 'number' && (seconds <= 0 || seconds > 86_400)
    ? [invalidValue(`${at}.clientIP.timeoutSeconds`, seconds, 'must be greater than 0 and less than 86400')]
    : []
}

const clusterAddresses: Rule = ({ value, at, within }) => {
  if (within.type === 'ExternalName')
    return isAbsent(value) ? [] : [forbiddenValue(at, 'may not be set for ExternalName services')]
  const addresses = itemsOf(value)
  const [first] = addresses
  if (first === 'None' && (within.type === 'LoadBalancer' || within.type === 'NodePort'))
    return [invalidValue(`${at}[0]`, first, `may not be set to 'None' for ${within.type} services`)]
  return [
    ...(!isAbsent(within.clusterIP) && !isAbsent(addresses) && within.clusterIP !== first
      ? [invalidValue(at, value, 'first value must match `clusterIP`')]
      : []),
    ...addresses.flatMap((address, index) =>
      index === 0 && address === 'None'
        ? []
        : addressRule({ value: address, at: `${at}[${index}]`, within, object: {} }),
    ),
  ]
}

const onlyElsewhere: Rule = ({ value, at, within }) =>
  isAbsent(value) || within.type !== 'ExternalName'
    ? []
    : [forbiddenValue(at, 'may not be set for ExternalName services')]

const onlyForBalancers: Rule = ({ value, at, within }) =>
  isAbsent(value) || within.type === 'LoadBalancer'
    ? []
    : [forbiddenValue(at, "may only be used when `type` is 'LoadBalancer'")]

const outward: Rule = ({ value, at, within }) => {
  const reached =
    within.type === 'NodePort' || within.type === 'LoadBalancer' || !isAbsent(within.externalIPs)
  if (!reached)
    return isAbsent(value)
      ? []
      : [invalidValue(at, value, 'may only be set for externally-accessible services')]
  return isAbsent(value) ? [requiredValue(at)] : oneOf('Cluster', 'Local')({ value, at, within, object: {} })
}

const checkPort: Rule = ({ value, at, within }) => {
  const checked = within.type === 'LoadBalancer' && within.externalTrafficPolicy === 'Local'
  if (checked || !value) return []
  return [
    invalidValue(
      at,
      value,
      "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    ),
  ]
}

/** The rules of services and of the addresses behind them. */
export const serviceRules: Readonly<Record<string, TypeRules>> = {
  'core.v1.ServiceSpec': {
    ports: servicePorts,
    externalName: ({ value, at, within }) => {
      if (within.type !== 'ExternalName') return []
      const name = String(value ?? '').replace(/\.$/, '')
      return name === ''
        ? [requiredValue(at)]
        : dnsSubdomainRules(name).map(rule => invalidValue(at, name, rule))
    },
    selector: labelsRule,
    sessionAffinity: oneOf('ClientIP', 'None'),
    sessionAffinityConfig: affinity,
    clusterIPs: clusterAddresses,
    ipFamilies: [onlyElsewhere, each(exactlyOneOf('IPv4', 'IPv6')), unique],
    ipFamilyPolicy: [onlyElsewhere, oneOf('PreferDualStack', 'RequireDualStack', 'SingleStack')],
    externalIPs: each(reachable),
    type: oneOf(...serviceTypes),
    loadBalancerSourceRanges: [
      ({ at, ...site }) => onlyForBalancers({ at: at.replace('.l', '.L'), ...site }),
      ({ at, ...site }) => each(networkRule)({ at: at.replace('.l', '.L'), ...site }),
    ],
    allocateLoadBalancerNodePorts: onlyForBalancers,
    loadBalancerClass: [
      onlyForBalancers,
      site => (site.within.type === 'LoadBalancer' ? given(qualifiedNameRules)(site) : []),
    ],
    externalTrafficPolicy: outward,
    healthCheckNodePort: checkPort,
    internalTrafficPolicy: oneOf('Cluster', 'Local'),
    trafficDistribution: oneOf('PreferClose', 'PreferSameZone', 'PreferSameNode'),
  },
  'core.v1.ServicePort': {
    name: text(dnsLabelRules),
    port: portRule,
    protocol: oneOf('SCTP', 'TCP', 'UDP'),
    targetPort: portOrName,
    appProtocol: given(qualifiedNameRules),
  },
  'discovery.v1.EndpointSlice': {
    addressType: requiredOneOf('', 'FQDN', 'IPv4', 'IPv6'),
    ports: ({ value, at }) => {
      const names = itemsOf(value).map(port => textAt(port, 'name'))
      return names.flatMap((name, index) => [
        ...(name ? dnsLabelRules(name).map(rule => invalidValue(`${at}[${index}].name`, name, rule)) : []),
        ...(names.indexOf(name) < index ? [duplicateValue(`${at}[${index}].name`, name)] : []),
      ])
    },
    endpoints: ({ value, at, within }) =>
      itemsOf(value).flatMap((endpoint, index) => {
        const here = `${at}[${index}].addresses`
        const addresses = listAt(endpoint, 'addresses')
        if (addresses.length === 0) return [requiredValue(here, 'must contain at least 1 address')]
        return within.addressType === 'FQDN'
          ? []
          : each(reachable)({ value: addresses, at: here, within, object: {} })
      }),
  },
  'discovery.v1.Endpoint': {
    addresses: [],
    nodeName: given(dnsSubdomainRules),
    hostname: given(dnsLabelRules),
  },
  'discovery.v1.EndpointPort': {
    protocol: oneOf('SCTP', 'TCP', 'UDP'),
    appProtocol: given(qualifiedNameRules),
  },
  'core.v1.EndpointSubset': {
    '': ({ value, at }) =>
      isAbsent(partsOf(value).addresses) && isAbsent(partsOf(value).notReadyAddresses)
        ? [requiredValue(at, 'must specify `addresses` or `notReadyAddresses`')]
        : [],
    ports: ({ value, at }) => {
      const ports = itemsOf(value)
      return ports.length > 1
        ? ports.flatMap((port, index) =>
            textAt(port, 'name') ? [] : [requiredValue(`${at}[${index}].name`)],
          )
        : []
    },
  },
  'core.v1.EndpointAddress': {
    ip: reachable,
    hostname: text(dnsLabelRules),
    nodeName: given(dnsSubdomainRules),
  },
  'core.v1.EndpointPort': {
    name: text(dnsLabelRules),
    port: portRule,
    protocol: oneOf('SCTP', 'TCP', 'UDP'),
    appProtocol: given(qualifiedNameRules),
  },
}

const keptAddress: UpdateRule = ({ next, live }) => {
  const [now, before] = [next, live].map(object => fieldsAt(object, 'spec'))
  const types = [now?.type, before?.type]
  const [addresses, old] = [listAt(now, 'clusterIPs'), listAt(before, 'clusterIPs')]
  if (types.includes('ExternalName') || old.length === 0) return []
  const at = 'spec.clusterIPs[0]'
  if (addresses.length === 0)
    return [invalidValue(at, now?.clusterIPs ?? null, 'primary clusterIP can not be unset')]
  return addresses[0] === old[0] ? [] : [invalidValue(at, now?.clusterIPs, 'may not change once set')]
}

const keptBalancer: UpdateRule = ({ next, live }) => {
  const [now, before] = [next, live].map(object => fieldsAt(object, 'spec'))
  if (now?.type !== 'LoadBalancer' || before?.type !== 'LoadBalancer') return []
  const checked = [now, before].every(spec => spec?.externalTrafficPolicy === 'Local')
  return [
    ...(sameJson(now.loadBalancerClass, before.loadBalancerClass)
      ? []
      : [invalidValue('spec.loadBalancerClass', now.loadBalancerClass ?? null, 'may not change once set')]),
    ...(checked && now.healthCheckNodePort !== before.healthCheckNodePort
      ? [forbiddenValue('spec.healthCheckNodePort', 'field is immutable')]
      : []),
  ]
}

export const serviceUpdates: Readonly<Record<string, readonly UpdateRule[]>> = {
  '/Service': [keptAddress, keptBalancer],
  'discovery.k8s.io/EndpointSlice': [
    ({ next, live }) =>
      next.addressType === live.addressType
        ? []
        : [invalidValue('addressType', next.addressType, 'field is immutable')],
  ],
}
