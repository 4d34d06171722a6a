import { isFields, listAt, textAt } from '@meridian/lab-world/json'
import { invalidValue, requiredValue, unsupportedValue } from '../status-error.ts'
import {
  dataKeyRules,
  dnsLabelRules,
  dnsSubdomainRules,
  headerNameRules,
  portNameRules,
  qualifiedNameRules,
  variableNameRules,
} from '../text-rules.ts'
import { portOrName, portRule, relativePath } from './field-rules.ts'
import { resizePolicy } from './resource-rules.ts'
import {
  between,
  distinct,
  itemsOf,
  mostNumber,
  named,
  noMoreThanOneOf,
  nonNegative,
  oneOf,
  outside,
  partsOf,
  type Rule,
  required,
  requiredOneOf,
  strictly,
  type TypeRules,
  text,
} from './rule.ts'

const identity = between(0, mostNumber)
const sources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'] as const
const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const
const set = (value: unknown, fields: readonly string[]) =>
  isFields(value) ? fields.filter(field => value[field] !== undefined) : []

const handlerRule: Rule = site =>
  set(site.value, handlers).length === 0
    ? [requiredValue(site.at, 'must specify a handler type')]
    : noMoreThanOneOf(handlers, 'may not specify more than 1 handler type')(site)

const onceOnly: Rule = ({ value, at }) => {
  const times = isFields(value) ? value.successThreshold : 1
  return times === 1 || times === undefined
    ? []
    : [invalidValue(`${at}.successThreshold`, times, 'must be 1')]
}

const sourceRule: Rule = ({ value, at, within }) => {
  if (!isFields(value)) return []
  const given = set(value, sources)
  if (given.length === 0)
    return [
      invalidValue(
        at,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      ),
    ]
  if (within.value) return [invalidValue(at, '', 'may not be specified when `value` is not empty')]
  return given.length > 1
    ? [invalidValue(at, '', 'may not have more than one field specified at a time')]
    : []
}

const sourceOfMany: Rule = ({ value, at }) =>
  itemsOf(value).flatMap(item => {
    const given = set(item, ['configMapRef', 'secretRef'])
    if (given.length === 0)
      return [invalidValue(at, '', 'must specify one of: `configMapRef` or `secretRef`')]
    return given.length > 1
      ? [invalidValue(at, '', 'may not have more than one field specified at a time')]
      : []
  })

const ofVariables = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]
export const ofFiles = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
]
const everyField = new Set([...ofVariables, ...ofFiles, 'spec.restartPolicy'])
const keyed = /^metadata\.(annotations|labels)\['(.*)'\]$/

/** A field of the pod by its path: one of those allowed here, or one label or annotation. */
export const fieldPath =
  (allowed: readonly string[]): Rule =>
  ({ value, at }) => {
    const path = textAt(value, 'fieldPath')
    const here = `${at}.fieldPath`
    if (!isFields(value)) return []
    if (!path) return [requiredValue(here)]
    const key = keyed.exec(path)?.[2]
    if (key !== undefined) return qualifiedNameRules(key).map(rule => invalidValue(at, key, rule))
    if (!everyField.has(path))
      return [invalidValue(here, path, `error converting fieldPath: field label not supported: ${path}`)]
    return allowed.includes(path) ? [] : [unsupportedValue(here, path, allowed)]
  }

const profile: TypeRules = {
  type: requiredOneOf(
    'type is required when seccompProfile is set',
    'Localhost',
    'RuntimeDefault',
    'Unconfined',
  ),
  localhostProfile: ({ value, at, within }) => {
    if (within.type === 'Localhost')
      return value === undefined
        ? [requiredValue(at, 'must be set when seccomp type is Localhost')]
        : relativePath({ value, at, within, object: {} })
    return value === undefined
      ? []
      : [
          invalidValue(
            at,
            { Type: within.type ?? '', LocalhostProfile: value },
            'can only be set when seccomp type is Localhost',
          ),
        ]
  },
}

/** The rules of containers. */
export const containerRules: Readonly<Record<string, TypeRules>> = {
  'core.v1.SecurityContext': {
    runAsUser: identity,
    runAsGroup: identity,
    procMount: site => [
      ...oneOf('Default', 'Unmasked')(site),
      ...(site.value === 'Unmasked'
        ? [invalidValue(site.at, site.value, '`hostUsers` must be false to use `Unmasked`')]
        : []),
    ],
    '': ({ value, at }) => {
      const { allowPrivilegeEscalation, privileged, capabilities } = partsOf(value)
      if (allowPrivilegeEscalation !== false) return []
      return [
        ...(privileged
          ? [
              invalidValue(
                at,
                value,
                'cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
              ),
            ]
          : []),
        ...(listAt(capabilities, 'add').includes('CAP_SYS_ADMIN')
          ? [
              invalidValue(
                at,
                value,
                'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
              ),
            ]
          : []),
      ]
    },
  },
  'core.v1.SeccompProfile': profile,
  'core.v1.Container': {
    name: named(dnsLabelRules),
    image: required(),
    terminationMessagePolicy: oneOf('File', 'FallbackToLogsOnError'),
    ports: distinct('name'),
    envFrom: sourceOfMany,
    imagePullPolicy: oneOf('Always', 'IfNotPresent', 'Never'),
    livenessProbe: onceOnly,
    readinessProbe: ({ value, at }) =>
      isFields(value) && value.terminationGracePeriodSeconds !== undefined
        ? [
            invalidValue(
              `${at}.terminationGracePeriodSeconds`,
              value.terminationGracePeriodSeconds,
              'must not be set for readinessProbes',
            ),
          ]
        : [],
    startupProbe: onceOnly,
    resizePolicy,
    restartPolicy: oneOf('Always', 'Never', 'OnFailure'),
  },
  'core.v1.ContainerPort': {
    name: text(portNameRules),
    containerPort: ({ value, ...site }) => (value ? portRule({ value, ...site }) : [requiredValue(site.at)]),
    hostPort: ({ value, ...site }) => (value ? portRule({ value, ...site }) : []),
  },
  'core.v1.EnvVar': { name: named(variableNameRules), valueFrom: sourceRule },
  'core.v1.EnvVarSource': { fieldRef: fieldPath(ofVariables) },
  'core.v1.ObjectFieldSelector': { fieldPath: [] },
  'core.v1.EnvFromSource': { prefix: text(variableNameRules) },
  'core.v1.ConfigMapEnvSource': { name: named(dnsSubdomainRules) },
  'core.v1.SecretEnvSource': { name: named(dnsSubdomainRules) },
  'core.v1.ConfigMapKeySelector': { name: strictly(dnsSubdomainRules), key: named(dataKeyRules) },
  'core.v1.SecretKeySelector': { name: strictly(dnsSubdomainRules), key: named(dataKeyRules) },
  'core.v1.VolumeMount': { name: [], mountPath: [], mountPropagation: [] },
  'core.v1.Probe': {
    '': handlerRule,
    initialDelaySeconds: nonNegative,
    timeoutSeconds: nonNegative,
    periodSeconds: nonNegative,
    successThreshold: nonNegative,
    failureThreshold: nonNegative,
    terminationGracePeriodSeconds: outside(1, Number.POSITIVE_INFINITY, 'must be greater than 0'),
  },
  'core.v1.LifecycleHandler': { '': handlerRule },
  'core.v1.ExecAction': { command: required() },
  'core.v1.HTTPGetAction': {
    path: required(),
    port: portOrName,
    scheme: oneOf('HTTP', 'HTTPS'),
    httpHeaders: ({ value, at }) =>
      itemsOf(value).flatMap(header =>
        headerNameRules(textAt(header, 'name')).map(rule => invalidValue(at, textAt(header, 'name'), rule)),
      ),
  },
  'core.v1.HTTPHeader': { name: [], value: [] },
  'core.v1.TCPSocketAction': { port: portOrName },
  'core.v1.GRPCAction': { port: portOrName },
}
