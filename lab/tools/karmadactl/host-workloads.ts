import { karmadaVersion } from './init-flags.ts'
import type { InitOptions } from './init-options.ts'
import type { KubeObject } from './kube-client.ts'

type Port = { name: string; port: number; targetPort?: number; nodePort?: number }
type Volume = Record<string, unknown>

const etcdImage = 'etcd:3.6.6-0'

/** The etcd of the control plane: a StatefulSet and its headless Service. */
export function etcdObjects(options: InitOptions): KubeObject[] {
  const { namespace, etcd } = options
  const { volumes, claims } = etcdStorage(etcd)
  return [
    service(options, 'etcd', { clusterIP: 'None' }, [
      { name: 'client', port: 2379 },
      { name: 'peer', port: 2380 },
    ]),
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'etcd', namespace, labels: bootstrapping('statefulset') },
      spec: {
        replicas: etcd.replicas,
        serviceName: 'etcd',
        selector: { matchLabels: { app: 'etcd' } },
        template: podTemplate('etcd', `${registryOf(options)}/${etcdImage}`, [2379], volumes),
        ...(claims.length > 0 && { volumeClaimTemplates: claims }),
      },
    },
  ]
}

/** The API server with its NodePort; its Service comes first, so that the port is taken before anything runs. */
export function apiServerObjects(options: InitOptions): KubeObject[] {
  const port = { name: 'karmada-apiserver-kubectl', port: 5443, targetPort: 5443, nodePort: options.port }
  return [
    service(options, 'karmada-apiserver', { type: 'NodePort' }, [port]),
    deployment(
      options,
      'karmada-apiserver',
      `${registryOf(options)}/kube-apiserver:${options.images.kubeTag}`,
      5443,
    ),
  ]
}

/** The server of the Cluster type. */
export function aggregatedObjects(options: InitOptions): KubeObject[] {
  return [
    service(options, 'karmada-aggregated-apiserver', {}, [{ name: 'https', port: 443, targetPort: 443 }]),
    deployment(
      options,
      'karmada-aggregated-apiserver',
      karmadaImage(options, 'karmada-aggregated-apiserver'),
      443,
    ),
  ]
}

/** What is installed last, in order. */
export function componentObjects(options: InitOptions): KubeObject[][] {
  const manager = `${registryOf(options)}/kube-controller-manager:${options.images.kubeTag}`
  const component = (name: string, port: number) =>
    deployment(options, name, karmadaImage(options, name), port)
  return [
    [
      service(options, 'kube-controller-manager', {}, [{ name: 'client', port: 10257 }]),
      deployment(options, 'kube-controller-manager', manager, 10257),
    ],
    [component('karmada-scheduler', 10351)],
    [component('karmada-controller-manager', 8080)],
    [
      service(options, 'karmada-webhook', {}, [{ name: 'webhook', port: 443, targetPort: 8443 }]),
      component('karmada-webhook', 8443),
    ],
  ]
}

const bootstrapping = (kind: string) => ({ 'karmada.io/bootstrapping': `${kind}-defaults` })

function registryOf({ images }: InitOptions): string {
  return images.registry || images.kubeRegistry
}

function karmadaImage({ images }: InitOptions, name: string): string {
  return `${images.registry || 'docker.io/karmada'}/${name}:${karmadaVersion}`
}

function service(options: InitOptions, name: string, spec: object, ports: readonly Port[]): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: options.namespace, labels: { app: name, ...bootstrapping('service') } },
    spec: {
      type: 'ClusterIP',
      ...spec,
      selector: { app: name },
      ports: ports.map(port => ({ protocol: 'TCP', targetPort: port.port, ...port })),
    },
  }
}

function deployment(options: InitOptions, name: string, image: string, port: number): KubeObject {
  const flag = name === 'kube-controller-manager' ? 'karmada-kube-controller-manager' : name
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: options.namespace, labels: { app: name, ...bootstrapping('deployment') } },
    spec: {
      replicas: options.replicas(flag),
      selector: { matchLabels: { app: name } },
      template: podTemplate(
        name,
        image,
        [port],
        [{ name: 'karmada-cert', secret: { secretName: 'karmada-cert' } }],
        options.extraArguments(flag),
      ),
    },
  }
}

function podTemplate(
  name: string,
  image: string,
  ports: readonly number[],
  volumes: readonly Volume[],
  extra: readonly string[] = [],
) {
  return {
    metadata: { labels: { app: name } },
    spec: {
      automountServiceAccountToken: false,
      priorityClassName: 'system-node-critical',
      containers: [
        {
          name,
          image,
          imagePullPolicy: 'IfNotPresent',
          command: [name, ...extra],
          ports: ports.map(containerPort => ({ containerPort, protocol: 'TCP' })),
        },
      ],
      tolerations: [
        { effect: 'NoExecute', operator: 'Exists' },
        { effect: 'NoSchedule', operator: 'Exists' },
      ],
      ...(volumes.length > 0 && { volumes }),
    },
  }
}

function etcdStorage(etcd: InitOptions['etcd']): { volumes: Volume[]; claims: Volume[] } {
  const name = 'etcd-data'
  if (etcd.mode === 'emptyDir') return { volumes: [{ name, emptyDir: {} }], claims: [] }
  if (etcd.mode === 'hostPath') {
    return { volumes: [{ name, hostPath: { path: etcd.path, type: 'DirectoryOrCreate' } }], claims: [] }
  }
  const claim = {
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: etcd.storageClass,
      resources: { requests: { storage: etcd.size } },
    },
  }
  return { volumes: [], claims: [claim] }
}
