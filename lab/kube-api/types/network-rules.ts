import { BlockList, isIP } from 'node:net'
import { fieldsAt, isFields } from '@meridian/lab-world/json'
import { isCidr } from '../schema/text-formats.ts'
import { forbiddenValue, invalidValue, requiredValue } from '../status-error.ts'
import { dns1035Rules, dnsSubdomainRules, portNameRules, wildcardRules } from '../text-rules.ts'
import { networkRule, portOrName, portRule } from './field-rules.ts'
import {
  each,
  exactlyOneOf,
  given,
  isAbsent,
  itemsOf,
  named,
  oneOf,
  partsOf,
  type Rule,
  required,
  type TypeRules,
  text,
} from './rule.ts'

const host: Rule = ({ value, at }) => {
  const name = String(value ?? '')
  if (name === '') return []
  const rules = name.includes('*') ? wildcardRules(name) : dnsSubdomainRules(name)
  return [
    ...(isIP(name) > 0 ? [invalidValue(at, name, 'must be a DNS name, not an IP address')] : []),
    ...rules.map(rule => invalidValue(at, name, rule)),
  ]
}

const pathType: Rule = ({ value, at }) => {
  if (value === undefined) return [requiredValue(at, 'pathType must be specified')]
  return exactlyOneOf('Exact', 'ImplementationSpecific', 'Prefix')({ value, at, within: {}, object: {} })
}

const path: Rule = ({ value = '', at, within }) => {
  const written = String(value)
  if (within.pathType === undefined || (within.pathType === 'ImplementationSpecific' && written === ''))
    return []
  if (!['Exact', 'Prefix', 'ImplementationSpecific'].includes(String(within.pathType))) return []
  const problems = written.startsWith('/') ? [] : [invalidValue(at, written, 'must be an absolute path')]
  if (written === '' || within.pathType === 'ImplementationSpecific') return problems
  const inside = ['//', '/./', '/../', '%2f', '%2F'].filter(part => written.includes(part))
  const last = ['/..', '/.'].filter(part => written.endsWith(part))
  return [
    ...problems,
    ...inside.map(part => invalidValue(at, written, `must not contain '${part}'`)),
    ...last.map(part => invalidValue(at, written, `cannot end with '${part}'`)),
  ]
}

const backend: Rule = ({ value, at, within }) => {
  if ('pathType' in within === false && 'path' in within) return []
  const { service, resource } = partsOf(value)
  if (service !== undefined && resource !== undefined)
    return [invalidValue(at, '', 'cannot set both resource and service backends')]
  if (resource !== undefined) return []
  if (!isFields(service)) return [invalidValue(at, '', 'resource or service backend is required')]
  const { name, number } = fieldsAt(service, 'port')
  if (!isAbsent(name) && number) return [invalidValue(at, '', 'cannot set both port name & port number')]
  if (!isAbsent(name))
    return portNameRules(String(name)).map(rule => invalidValue(`${at}.service.port.name`, name, rule))
  if (number) return portRule({ value: number, at: `${at}.service.port.number`, within, object: {} })
  return [requiredValue(at, 'port name or number is required')]
}

const policyPort: Rule = ({ value, at }) => {
  const { port, endPort } = partsOf(value)
  const here = `${at}.endPort`
  if (port === undefined)
    return endPort === undefined
      ? []
      : [invalidValue(here, endPort, 'may not be specified when `port` is not specified')]
  const problems = portOrName({ value: port, at: `${at}.port`, within: {}, object: {} })
  if (endPort === undefined) return problems
  if (typeof port === 'string')
    return [invalidValue(here, endPort, 'may not be specified when `port` is non-numeric'), ...problems]
  const range =
    Number(endPort) < Number(port)
      ? [invalidValue(here, port, 'must be greater than or equal to `port`')]
      : []
  return [...problems, ...range, ...portRule({ value: endPort, at: here, within: {}, object: {} })]
}

const peer: Rule = ({ value, at }) => {
  const given = ['podSelector', 'namespaceSelector', 'ipBlock'].filter(
    field => partsOf(value)[field] !== undefined,
  )
  if (given.length === 0) return [requiredValue(at, 'must specify a peer')]
  return given.length > 1 && given.includes('ipBlock')
    ? [forbiddenValue(at, 'may not specify both ipBlock and another peer')]
    : []
}

const excepted: Rule = ({ value, at, within }) => {
  const problems = networkRule({ value, at, within, object: {} })
  if (problems.length > 0 || !isCidr(String(within.cidr))) return problems
  const [whole = '', length = ''] = String(within.cidr).split('/')
  const [inner = '', innerLength = ''] = String(value).split('/')
  const block = new BlockList()
  const family = isIP(whole) === 4 ? 'ipv4' : 'ipv6'
  block.addSubnet(whole, Number(length), family)
  const strictly =
    isIP(inner) === isIP(whole) && block.check(inner, family) && Number(innerLength) > Number(length)
  return strictly ? [] : [invalidValue(at, value, 'must be a strict subset of `cidr`')]
}

/** The rules of what lets traffic in and keeps it out. */
export const networkRules: Readonly<Record<string, TypeRules>> = {
  'networking.v1.IngressSpec': {
    '': ({ value, at }) =>
      isAbsent(partsOf(value).rules) && partsOf(value).defaultBackend === undefined
        ? [
            invalidValue(
              at,
              partsOf(value).rules ?? null,
              'either `defaultBackend` or `rules` must be specified',
            ),
          ]
        : [],
    defaultBackend: site => (site.value === undefined ? [] : backend({ ...site, within: {} })),
    ingressClassName: ({ value, at }) =>
      value === undefined ? [] : dnsSubdomainRules(String(value)).map(rule => invalidValue(at, value, rule)),
  },
  'networking.v1.IngressRule': { host },
  'networking.v1.HTTPIngressPath': {
    pathType,
    path,
    backend: site => (site.within.pathType === undefined ? [] : backend({ ...site, within: {} })),
  },
  'networking.v1.IngressServiceBackend': { name: named(dns1035Rules) },
  'core.v1.TypedLocalObjectReference': {
    kind: required(),
    name: required(),
    apiGroup: given(dnsSubdomainRules),
  },
  'networking.v1.IngressTLS': {
    hosts: each(({ value, at }) => {
      const name = String(value)
      return (name.includes('*') ? wildcardRules : dnsSubdomainRules)(name).map(rule =>
        invalidValue(at, name, rule),
      )
    }),
    secretName: text(dnsSubdomainRules),
  },
  'networking.v1.NetworkPolicySpec': {
    policyTypes: ({ value, at }) =>
      itemsOf(value).length > 2
        ? [invalidValue(at, value, 'may not specify more than two policyTypes')]
        : each(exactlyOneOf('Ingress', 'Egress'))({ value, at, within: {}, object: {} }),
  },
  'networking.v1.NetworkPolicyPort': { protocol: oneOf('TCP', 'UDP', 'SCTP'), '': policyPort },
  'networking.v1.NetworkPolicyPeer': { '': peer },
  'networking.v1.IPBlock': {
    cidr: site => (site.value ? networkRule(site) : [requiredValue(site.at)]),
    except: each(excepted),
  },
}
