import { type Fields, fieldsAt, isFields, listAt } from '@meridian/lab-world/json'
import { child, fill, fillEmpty } from './fill.ts'

/** Fills in what a value of a type has if nobody says otherwise. */
export type Default = (value: Fields, object: Fields) => void

const given =
  (defaults: Readonly<Fields>): Default =>
  value =>
    fill(value, defaults)
/** Of fields whose empty text, and 0, are the same as none. */
const unless =
  (defaults: Readonly<Fields>): Default =>
  value =>
    fillEmpty(value, defaults)

const fileMode = given({ defaultMode: 0o644 })
const rollingBy =
  (field: string, fields: Readonly<Fields>): Default =>
  spec => {
    const strategy = child(spec, field)
    fillEmpty(strategy, { type: 'RollingUpdate' })
    if (strategy.type === 'RollingUpdate') fill(child(strategy, 'rollingUpdate'), fields)
  }

const container: Default = value => {
  const image = String(value.image ?? '').replace(/^[^/]*:\d+\//, '')
  const [, tag = 'latest'] = image.includes('@') ? ['', 'digest'] : (/:([^/]+)$/.exec(image) ?? [])
  child(value, 'resources')
  fillEmpty(value, {
    imagePullPolicy: tag === 'latest' ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  })
}

const podSpec: Default = spec => {
  fillEmpty(spec, { dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', schedulerName: 'default-scheduler' })
  fill(spec, { securityContext: {}, terminationGracePeriodSeconds: 30 })
  const account = spec.serviceAccountName || spec.serviceAccount
  if (account) Object.assign(spec, { serviceAccountName: account, serviceAccount: account })
}

/** A pod asks for what it may have at most, and ports of a pod in the host's network are the host's. */
const pod: Default = value => {
  const spec = child(value, 'spec')
  fill(spec, { enableServiceLinks: true })
  for (const list of ['initContainers', 'containers']) {
    for (const each of listAt(spec, list).filter(isFields)) {
      const { limits } = fieldsAt(each, 'resources')
      if (isFields(limits)) fill(child(child(each, 'resources'), 'requests'), limits)
      if (spec.hostNetwork !== true) continue
      for (const port of listAt(each, 'ports').filter(isFields))
        fillEmpty(port, { hostPort: port.containerPort })
    }
  }
}

const job: Default = value => {
  const spec = child(value, 'spec')
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1
  fill(spec, {
    parallelism: 1,
    backoffLimit: spec.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
    manualSelector: false,
  })
  const labels = fieldsAt(spec, 'template', 'metadata', 'labels')
  const metadata = child(value, 'metadata')
  if (Object.keys(labels).length > 0) fill(metadata, { labels })
}

const service: Default = value => {
  const spec = child(value, 'spec')
  fillEmpty(spec, { sessionAffinity: 'None', type: 'ClusterIP' })
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig
  if (spec.sessionAffinity === 'ClientIP')
    fill(child(child(spec, 'sessionAffinityConfig'), 'clientIP'), { timeoutSeconds: 10_800 })
  for (const port of listAt(spec, 'ports').filter(isFields))
    fillEmpty(port, { protocol: 'TCP', ...(port.port === undefined ? {} : { targetPort: port.port }) })
  const reached =
    spec.type === 'NodePort' || spec.type === 'LoadBalancer' || listAt(spec, 'externalIPs').length > 0
  if (reached) fillEmpty(spec, { externalTrafficPolicy: 'Cluster' })
  if (['ClusterIP', 'NodePort', 'LoadBalancer'].includes(String(spec.type)))
    fill(spec, { internalTrafficPolicy: 'Cluster' })
  if (spec.type === 'LoadBalancer') fill(spec, { allocateLoadBalancerNodePorts: true })
}

const scaling = { selectPolicy: 'Max' }
const byShare = { type: 'Percent', value: 100, periodSeconds: 15 }
const byPods = { type: 'Pods', value: 4, periodSeconds: 15 }
const processorUse = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } }

const autoscaler: Default = spec => {
  fill(spec, { minReplicas: 1 })
  if (listAt(spec, 'metrics').length === 0) spec.metrics = [{ type: 'Resource', resource: processorUse }]
  if (!isFields(spec.behavior)) return
  fill(child(spec.behavior, 'scaleUp'), {
    ...scaling,
    stabilizationWindowSeconds: 0,
    policies: [byPods, byShare],
  })
  fill(child(spec.behavior, 'scaleDown'), { ...scaling, policies: [byShare] })
}

const networkPolicy: Default = spec => {
  child(spec, 'podSelector')
  if (listAt(spec, 'policyTypes').length > 0) return
  spec.policyTypes = listAt(spec, 'egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress']
}

const webhook = given({
  failurePolicy: 'Fail',
  matchPolicy: 'Equivalent',
  namespaceSelector: {},
  objectSelector: {},
  timeoutSeconds: 10,
})
const accessGroup = 'rbac.authorization.k8s.io'
const roleRef: Default = value => fillEmpty(child(value, 'roleRef'), { apiGroup: accessGroup })
const volumeMode = given({ volumeMode: 'Filesystem' })
const servicePort = given({ port: 443 })

/** What Kubernetes 1.35 fills in, by type; the source of each is `pkg/apis/<group>/v1/defaults.go`. */
export const typeDefaults: Readonly<Record<string, Default>> = {
  'core.v1.Pod': pod,
  'core.v1.PodSpec': podSpec,
  'core.v1.PodTemplateSpec': template => {
    child(template, 'metadata')
    child(template, 'spec')
  },
  'core.v1.Container': container,
  'core.v1.ContainerPort': unless({ protocol: 'TCP' }),
  'core.v1.Probe': unless({ timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
  'core.v1.HTTPGetAction': unless({ path: '/', scheme: 'HTTP' }),
  'core.v1.GRPCAction': given({ service: '' }),
  'core.v1.ObjectFieldSelector': unless({ apiVersion: 'v1' }),
  'core.v1.ResourceFieldSelector': given({ divisor: '0' }),
  'core.v1.Volume': volume => {
    if (Object.keys(volume).every(field => field === 'name')) volume.emptyDir = {}
  },
  'core.v1.SecretVolumeSource': fileMode,
  'core.v1.ConfigMapVolumeSource': fileMode,
  'core.v1.DownwardAPIVolumeSource': fileMode,
  'core.v1.ProjectedVolumeSource': fileMode,
  'core.v1.ServiceAccountTokenProjection': given({ expirationSeconds: 3600 }),
  'core.v1.HostPathVolumeSource': given({ type: '' }),
  'core.v1.PersistentVolumeClaimSpec': spec => {
    child(spec, 'resources')
    volumeMode(spec, spec)
  },
  'core.v1.PersistentVolumeSpec': spec => {
    fillEmpty(spec, { persistentVolumeReclaimPolicy: 'Retain' })
    volumeMode(spec, spec)
  },
  'core.v1.Service': service,
  'core.v1.Secret': unless({ type: 'Opaque' }),
  'core.v1.EndpointPort': unless({ protocol: 'TCP' }),
  'apps.v1.DeploymentSpec': (spec, object) => {
    fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 })
    rollingBy('strategy', { maxUnavailable: '25%', maxSurge: '25%' })(spec, object)
  },
  'apps.v1.ReplicaSetSpec': given({ replicas: 1 }),
  'apps.v1.DaemonSetSpec': (spec, object) => {
    fill(spec, { revisionHistoryLimit: 10 })
    rollingBy('updateStrategy', { maxUnavailable: 1, maxSurge: 0 })(spec, object)
  },
  'apps.v1.StatefulSetSpec': spec => {
    fillEmpty(spec, { podManagementPolicy: 'OrderedReady' })
    const strategy = child(spec, 'updateStrategy')
    if (!strategy.type) fill(strategy, { rollingUpdate: {} })
    fillEmpty(strategy, { type: 'RollingUpdate' })
    if (strategy.type === 'RollingUpdate' && isFields(strategy.rollingUpdate))
      fill(strategy.rollingUpdate, { partition: 0 })
    fillEmpty(child(spec, 'persistentVolumeClaimRetentionPolicy'), {
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
    })
    fill(spec, { replicas: 1, revisionHistoryLimit: 10 })
    for (const claim of listAt(spec, 'volumeClaimTemplates').filter(isFields))
      Object.assign(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } })
  },
  'batch.v1.Job': job,
  'batch.v1.JobTemplateSpec': template => {
    child(template, 'metadata')
    child(template, 'spec')
  },
  'batch.v1.CronJobSpec': spec => {
    fillEmpty(spec, { concurrencyPolicy: 'Allow' })
    fill(spec, { suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 })
  },
  'batch.v1.PodFailurePolicyOnPodConditionsPattern': unless({ status: 'True' }),
  'autoscaling.v2.HorizontalPodAutoscalerSpec': autoscaler,
  'networking.v1.NetworkPolicySpec': networkPolicy,
  'networking.v1.NetworkPolicyPort': given({ protocol: 'TCP' }),
  'rbac.v1.RoleBinding': roleRef,
  'rbac.v1.ClusterRoleBinding': roleRef,
  'rbac.v1.Subject': subject => {
    if (subject.kind === 'User' || subject.kind === 'Group') fillEmpty(subject, { apiGroup: accessGroup })
  },
  'discovery.v1.EndpointPort': given({ name: '', protocol: 'TCP' }),
  'admissionregistration.v1.ValidatingWebhook': webhook,
  'admissionregistration.v1.MutatingWebhook': (value, object) => {
    webhook(value, object)
    fill(value, { reinvocationPolicy: 'Never' })
  },
  'admissionregistration.v1.RuleWithOperations': given({ scope: '*' }),
  'admissionregistration.v1.ServiceReference': servicePort,
  'kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference': servicePort,
  'storage.v1.CSIDriverSpec': given({
    attachRequired: true,
    podInfoOnMount: false,
    storageCapacity: false,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    requiresRepublish: false,
    volumeLifecycleModes: ['Persistent'],
    seLinuxMount: false,
  }),
  'storage.v1.StorageClass': given({ reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  'scheduling.v1.PriorityClass': given({ preemptionPolicy: 'PreemptLowerPriority' }),
}
