import { type Fields, fieldsAt, isFields, listAt, numberAt, sameJson, textAt } from '@meridian/lab-world/json'
import {
  duplicateValue,
  type FieldProblem,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unknownValue,
} from '../status-error.ts'
import { dnsLabelRules, dnsSearchRules, dnsSubdomainRules, qualifiedNameRules } from '../text-rules.ts'
import { addressRule, annotationsRule, labelsRule, relativePath } from './field-rules.ts'
import {
  between,
  distinct,
  each,
  isAbsent,
  itemsOf,
  mostNumber,
  oneOf,
  partsOf,
  problemsBy,
  type Rule,
  required,
  strictly,
  type TypeRules,
  text,
  type UpdateRule,
} from './rule.ts'
import { spread, tolerationRule } from './scheduling-rules.ts'

const identity = between(0, mostNumber)
/** Each mount names a volume of its pod, and has a place of its own. */
function mountProblems(container: unknown, at: string, volumes: readonly string[]): FieldProblem[] {
  const mounts = listAt(container, 'volumeMounts')
  const places = mounts.map(mount => textAt(mount, 'mountPath'))
  const privileged = fieldsAt(container, 'securityContext').privileged === true
  return mounts.flatMap((mount, index) => {
    const [name, place] = [textAt(mount, 'name'), places[index] ?? '']
    const here = `${at}[${index}]`
    const { mountPropagation, subPath } = partsOf(mount)
    return [
      ...(name ? [] : [requiredValue(`${here}.name`)]),
      ...(volumes.includes(name) ? [] : [unknownValue(`${here}.name`, name)]),
      ...(place ? [] : [requiredValue(`${here}.mountPath`)]),
      ...(places.indexOf(place) < index ? [invalidValue(`${here}.mountPath`, place, 'must be unique')] : []),
      ...problemsBy(relativePath, subPath, `${at}.subPath`),
      ...problemsBy(
        oneOf('Bidirectional', 'HostToContainer', 'None'),
        mountPropagation,
        `${at}.mountPropagation`,
      ),
      ...(mountPropagation === 'Bidirectional' && !privileged
        ? [onlyPrivileged(`${at}.mountPropagation`)]
        : []),
    ]
  })
}

const onlyPrivileged = (at: string) =>
  forbiddenValue(at, 'Bidirectional mount propagation is available only to privileged containers')

const containerLists = ['containers', 'initContainers'] as const

/** Mounts are of volumes that are in order. */
const mounted: Rule = ({ value, at, object, found = [] }) => {
  const isSound = (index: number) => !found.some(({ field }) => field.startsWith(`${at}.volumes[${index}]`))
  const volumes = listAt(value, 'volumes').flatMap((volume, index) =>
    isSound(index) ? [textAt(volume, 'name')] : [],
  )
  // A claim of a StatefulSet is a volume of its pods.
  if (object.kind === 'StatefulSet')
    volumes.push(
      ...listAt(object, 'spec', 'volumeClaimTemplates').map(claim => textAt(claim, 'metadata', 'name')),
    )
  return containerLists.flatMap(list =>
    listAt(value, list).flatMap((container, index) =>
      mountProblems(container, `${at}.${list}[${index}].volumeMounts`, volumes),
    ),
  )
}

const initNames: Rule = ({ value, at, within }) => {
  const names = listAt(within, 'containers').map(container => textAt(container, 'name'))
  return itemsOf(value).flatMap((container, index) => {
    const name = textAt(container, 'name')
    if (!name) return []
    if (names.includes(name)) return [duplicateValue(`${at}[${index}].name`, name)]
    names.push(name)
    return []
  })
}

const set = (value: unknown, fields: readonly string[]) =>
  fields.filter(field => partsOf(value)[field] !== undefined)
const helpers = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const
const noHelpers: Rule = each(({ value, at }) =>
  isFields(value) && value.restartPolicy !== 'Always'
    ? set(value, helpers).map(field =>
        forbiddenValue(`${at}.${field}`, 'may not be set for init containers without restartPolicy=Always'),
      )
    : [],
)

const hostPorts: Rule = ({ value, at }) => {
  const taken = new Set<string>()
  return itemsOf(value).flatMap((container, index) =>
    listAt(container, 'ports').flatMap((port, number) => {
      const hostPort = numberAt(port, 'hostPort')
      if (hostPort === 0) return []
      const claim = `${textAt(port, 'protocol')}/${textAt(port, 'hostIP')}/${hostPort}`
      if (taken.has(claim)) return [duplicateValue(`${at}[${index}].ports[${number}].hostPort`, claim)]
      taken.add(claim)
      return []
    }),
  )
}

const hostNetworkPorts: Rule = ({ value, at, object }) => {
  if (!isFields(value) || value.hostNetwork !== true) return []
  const ofPod = object.kind === 'Pod'
  return listAt(value, 'containers').flatMap((container, index) =>
    listAt(container, 'ports').flatMap((port, number) => {
      const [onHost, inside] = [numberAt(port, 'hostPort'), numberAt(port, 'containerPort')]
      if ((!ofPod && onHost === 0) || onHost === inside) return []
      const rule = 'must match `containerPort` when `hostNetwork` is true'
      return [invalidValue(`${at}.containers[${index}].ports[${number}].hostPort`, onHost, rule)]
    }),
  )
}

const sysctlPattern = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$'
const sysctlRules = (name: string) =>
  name.length <= 253 && new RegExp(sysctlPattern).test(name)
    ? []
    : [`must have at most 253 characters and match regex ${sysctlPattern}`]
const named1123 = text(dnsLabelRules)

/** The rules of pods, their containers and where they may run. */
export const podRules: Readonly<Record<string, TypeRules>> = {
  'core.v1.PodTemplateSpec': {
    '': ({ value, at }) => [
      ...problemsBy(labelsRule, fieldsAt(value, 'metadata', 'labels'), `${at}.labels`),
      ...problemsBy(annotationsRule, fieldsAt(value, 'metadata', 'annotations'), `${at}.annotations`),
    ],
  },
  'core.v1.PodSpec': {
    volumes: distinct('name'),
    containers: [required(), distinct('name'), hostPorts],
    initContainers: [initNames, noHelpers],
    '': [mounted, hostNetworkPorts],
    restartPolicy: oneOf('Always', 'OnFailure', 'Never'),
    dnsPolicy: oneOf('ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'),
    nodeSelector: labelsRule,
    dnsConfig: ({ value, at, within }) => {
      if (within.dnsPolicy !== 'None') return []
      if (!isFields(value)) return [requiredValue(at, 'must provide `dnsConfig` when `dnsPolicy` is None')]
      const rule = 'must provide at least one DNS nameserver when `dnsPolicy` is None'
      return isAbsent(value.nameservers) ? [requiredValue(`${at}.nameservers`, rule)] : []
    },
    schedulingGates: [
      each(({ value, at }) =>
        qualifiedNameRules(textAt(value, 'name')).map(rule => invalidValue(at, textAt(value, 'name'), rule)),
      ),
      ({ value, at }) => {
        const names = itemsOf(value).map(gate => textAt(gate, 'name'))
        return names.flatMap((name, index) =>
          names.indexOf(name) < index ? [duplicateValue(`${at}[${index}]`, name)] : [],
        )
      },
    ],
    topologySpreadConstraints: spread,
    serviceAccountName: text(dnsSubdomainRules),
    nodeName: text(dnsSubdomainRules),
    activeDeadlineSeconds: between(1, mostNumber),
    hostname: named1123,
    subdomain: named1123,
    tolerations: each(tolerationRule),
    priorityClassName: text(dnsSubdomainRules),
    runtimeClassName: text(dnsSubdomainRules),
    preemptionPolicy: oneOf('PreemptLowerPriority', 'Never'),
    os: ({ value, ...site }) => {
      if (!isFields(value)) return []
      const { name } = value
      return name ? oneOf('linux', 'windows')({ value: name, ...site }) : [requiredValue(`${site.at}.name`)]
    },
  },
  'core.v1.PodOS': { name: [] },
  'core.v1.PodSchedulingGate': { name: [] },
  'core.v1.Sysctl': {
    name: site => (isAbsent(site.value) ? [requiredValue(site.at)] : text(sysctlRules)(site)),
    value: [],
  },
  'core.v1.PodReadinessGate': { conditionType: strictly(qualifiedNameRules) },
  'core.v1.HostAlias': { ip: addressRule, hostnames: each(strictly(dnsSubdomainRules)) },
  'core.v1.PodDNSConfig': {
    nameservers: [
      ({ value, at }) =>
        itemsOf(value).length > 3 ? [invalidValue(at, value, 'must not have more than 3 nameservers')] : [],
      each(addressRule),
    ],
    searches: each(({ value, at }) =>
      dnsSearchRules(String(value).replace(/\.$/, '')).map(rule => invalidValue(at, value, rule)),
    ),
    options: each(({ value, at }) => (textAt(value, 'name') ? [] : [requiredValue(at, 'must not be empty')])),
  },
  'core.v1.PodSecurityContext': {
    fsGroup: identity,
    runAsUser: identity,
    runAsGroup: identity,
    supplementalGroups: each(identity),
    sysctls: distinct('name'),
    fsGroupChangePolicy: oneOf('Always', 'OnRootMismatch'),
  },
}

const editable = [
  'spec.containers[*].image',
  'spec.initContainers[*].image',
  'spec.activeDeadlineSeconds',
  'spec.tolerations',
  'spec.terminationGracePeriodSeconds',
].map(field => `\`${field}\``)
const notes = [
  ' (only additions to existing tolerations)',
  ' (allow it to be set to 1 if it was previously negative)',
]
const listed = [...editable.slice(0, 3), `${editable[3]}${notes[0]}`, `${editable[4]}${notes[1]}`].join(',')

/** What a pod was made with, but for the image and the little else that may change; a node may be given once. */
function fixedPart(pod: Fields, live: Fields): unknown {
  const {
    tolerations: _t,
    activeDeadlineSeconds: _a,
    schedulingGates: _g,
    nodeName,
    ...spec
  } = fieldsAt(pod, 'spec')
  const named = (list: string) => listAt(spec, list).map(item => ({ ...partsOf(item), image: '' }))
  const placed = fieldsAt(live, 'spec').nodeName === undefined ? undefined : nodeName
  return {
    ...spec,
    nodeName: placed,
    containers: named('containers'),
    initContainers: named('initContainers'),
  }
}

export const podUpdates: Readonly<Record<string, readonly UpdateRule[]>> = {
  '/Pod': [
    ({ next, live }) => {
      const lists = containerLists.filter(
        list => listAt(next, 'spec', list).length !== listAt(live, 'spec', list).length,
      )
      if (lists[0])
        return [forbiddenValue(`spec.${lists[0]}`, 'pod updates may not add or remove containers')]
      return sameJson(fixedPart(next, live), fixedPart(live, live))
        ? []
        : [forbiddenValue('spec', `pod updates may not change fields other than ${listed}`)]
    },
  ],
}
