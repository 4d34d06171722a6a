import type { Plural } from './kinds.ts'

/** What makes an object of a kind one that every server refuses, and how that is told. */
export type Refusal = readonly [plural: Plural, path: string, value: unknown, problem: string]

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const inDeployment = 'spec.template.spec.containers.0'
const shownDeployment = 'spec.template.spec.containers[0]'
const probe = { httpGet: { path: '/', port: 80 } }

/** Objects that are not made. */
export const newOnes: readonly Refusal[] = [
  [
    'deployments',
    'spec.replicas',
    -1,
    'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  ],
  [
    'deployments',
    'spec.template.metadata.labels.app',
    'other',
    'spec.template.metadata.labels: Invalid value: {"app":"other"}: `selector` does not match template `labels`',
  ],
  [
    'deployments',
    'spec.selector.matchLabels',
    {},
    'spec.selector: Invalid value: {}: empty selector is invalid for deployment',
  ],
  ['deployments', 'spec.template.spec', undefined, 'spec.template.spec.containers: Required value'],
  [
    'deployments',
    `${inDeployment}.name`,
    'Not_Good',
    `${shownDeployment}.name: Invalid value: "Not_Good": ${label}`,
  ],
  ['deployments', `${inDeployment}.image`, undefined, `${shownDeployment}.image: Required value`],
  [
    'deployments',
    `${inDeployment}.imagePullPolicy`,
    'Sometimes',
    `${shownDeployment}.imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"`,
  ],
  [
    'deployments',
    `${inDeployment}.ports`,
    [{ containerPort: 70_000 }],
    `${shownDeployment}.ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive`,
  ],
  [
    'deployments',
    `${inDeployment}.ports`,
    [
      { name: 'http', containerPort: 80 },
      { name: 'http', containerPort: 81 },
    ],
    `${shownDeployment}.ports[1].name: Duplicate value: "http"`,
  ],
  [
    'deployments',
    `${inDeployment}.volumeMounts`,
    [{ name: 'data', mountPath: '/data' }],
    `${shownDeployment}.volumeMounts[0].name: Not found: "data"`,
  ],
  [
    'deployments',
    `${inDeployment}.env`,
    [{ name: 'A', valueFrom: {} }],
    `${shownDeployment}.env[0].valueFrom: Invalid value: "": must specify one of: \`fieldRef\`, \`resourceFieldRef\`, \`configMapKeyRef\`, \`secretKeyRef\` or \`fileKeyRef\``,
  ],
  [
    'deployments',
    `${inDeployment}.resources`,
    { requests: { cpu: '2' }, limits: { cpu: '500m' } },
    `${shownDeployment}.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 500m`,
  ],
  [
    'deployments',
    `${inDeployment}.livenessProbe`,
    { ...probe, successThreshold: 2 },
    `${shownDeployment}.livenessProbe.successThreshold: Invalid value: 2: must be 1`,
  ],
  [
    'deployments',
    `${inDeployment}.readinessProbe`,
    {},
    `${shownDeployment}.readinessProbe: Required value: must specify a handler type`,
  ],
  [
    'deployments',
    `${inDeployment}.readinessProbe`,
    { ...probe, exec: { command: ['true'] } },
    `${shownDeployment}.readinessProbe.httpGet: Forbidden: may not specify more than 1 handler type`,
  ],
  [
    'deployments',
    'spec.template.spec.initContainers',
    [{ name: 'web', image: 'busybox' }],
    'spec.template.spec.initContainers[0].name: Duplicate value: "web"',
  ],
  [
    'deployments',
    'spec.template.spec.volumes',
    [{ name: 'a', emptyDir: {}, configMap: { name: 'b' } }],
    'spec.template.spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type',
  ],
  [
    'deployments',
    'spec.template.spec.restartPolicy',
    'Never',
    'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
  ],
  [
    'deployments',
    'spec.template.spec.tolerations',
    [{ key: 'a', operator: 'Exists', value: 'b' }],
    'spec.template.spec.tolerations[0].operator: Invalid value: "b": value must be empty when `operator` is \'Exists\'',
  ],
  [
    'deployments',
    'spec.strategy',
    { type: 'Recreate', rollingUpdate: {} },
    "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
  ],
  [
    'deployments',
    'spec.strategy',
    { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } },
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0',
  ],
  [
    'statefulsets',
    'spec.podManagementPolicy',
    'Any',
    "spec.podManagementPolicy: Invalid value: \"Any\": must be 'OrderedReady' or 'Parallel'",
  ],
  [
    'daemonsets',
    'spec.updateStrategy',
    { rollingUpdate: { maxSurge: 1 } },
    'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero',
  ],
  [
    'jobs',
    'spec.template.spec.restartPolicy',
    undefined,
    'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ],
  [
    'jobs',
    'spec.backoffLimitPerIndex',
    1,
    'spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode',
  ],
  ['cronjobs', 'spec.schedule', undefined, 'spec.schedule: Required value'],
  [
    'cronjobs',
    'spec.schedule',
    '0 3 * *',
    'spec.schedule: Invalid value: "0 3 * *": expected exactly 5 fields, found 4: [0 3 * *]',
  ],
  [
    'cronjobs',
    'spec.schedule',
    '0 3 * * 7',
    'spec.schedule: Invalid value: "0 3 * * 7": end of range (7) above maximum (6): 7',
  ],
  [
    'cronjobs',
    'spec.schedule',
    '0 3 * * SUNDAY',
    'spec.schedule: Invalid value: "0 3 * * SUNDAY": failed to parse int from SUNDAY: strconv.Atoi: parsing "SUNDAY": invalid syntax',
  ],
  [
    'cronjobs',
    'spec.timeZone',
    'Nowhere/City',
    'spec.timeZone: Invalid value: "Nowhere/City": unknown time zone Nowhere/City',
  ],
  ['services', 'spec.ports', undefined, 'spec.ports: Required value'],
  ['services', 'spec.ports', [{ port: 80 }, { name: 'b', port: 81 }], 'spec.ports[0].name: Required value'],
  [
    'services',
    'spec.ports.0.port',
    undefined,
    'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
  ],
  [
    'services',
    'spec.ports.0.nodePort',
    30_080,
    "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
  ],
  [
    'services',
    'spec.type',
    'Public',
    'spec.type: Unsupported value: "Public": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
  ],
  [
    'services',
    'spec.externalTrafficPolicy',
    'Local',
    'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
  ],
  [
    'ingresses',
    'spec',
    undefined,
    'spec: Invalid value: null: either `defaultBackend` or `rules` must be specified',
  ],
  [
    'ingresses',
    'spec.rules',
    [
      {
        http: {
          paths: [
            { path: 'x', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } },
          ],
        },
      },
    ],
    'spec.rules[0].http.paths[0].path: Invalid value: "x": must be an absolute path',
  ],
  [
    'ingresses',
    'spec.defaultBackend.service.port',
    {},
    'spec.defaultBackend: Required value: port name or number is required',
  ],
  [
    'networkpolicies',
    'spec.ingress',
    [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }] }],
    'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
  ],
  [
    'horizontalpodautoscalers',
    'spec.minReplicas',
    5,
    'spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`',
  ],
  [
    'horizontalpodautoscalers',
    'spec.metrics',
    [{ type: 'Resource' }],
    'spec.metrics[0].resource: Required value: must populate information for the given metric source',
  ],
  [
    'poddisruptionbudgets',
    'spec.maxUnavailable',
    'half',
    "spec.maxUnavailable: Invalid value: \"half\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
  ],
  [
    'configmaps',
    'data.a b',
    'c',
    "data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
  ],
  ['secrets', 'type', 'kubernetes.io/ssh-auth', 'data[ssh-privatekey]: Required value'],
  [
    'roles',
    'rules.0.verbs',
    undefined,
    'rules[0].verbs: Required value: verbs must contain at least one value',
  ],
  [
    'rolebindings',
    'roleRef.kind',
    'Roll',
    'roleRef.kind: Unsupported value: "Roll": supported values: "Role", "ClusterRole"',
  ],
  [
    'persistentvolumeclaims',
    'spec.accessModes',
    ['Once'],
    'spec.accessModes: Unsupported value: "Once": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
  ],
  ['persistentvolumeclaims', 'spec.resources', undefined, 'spec.resources[storage]: Required value'],
  [
    'storageclasses',
    'reclaimPolicy',
    'Recycle',
    'reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"',
  ],
  [
    'priorityclasses',
    'value',
    2_000_000_000,
    'value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
  ],
]
