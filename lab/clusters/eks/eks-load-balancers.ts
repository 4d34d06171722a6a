import { createHash } from 'node:crypto'
import type { KubeObject } from '@meridian/lab-kube-api'
import type { ClusterSpec } from '@meridian/lab-world'
import { isExternal, listenersOf } from '../load-balancer.ts'
import type { LoadBalancerController, ServiceSpec } from '../load-balancer-controller.ts'

const schemeAnnotation = 'service.beta.kubernetes.io/aws-load-balancer-scheme'

export const controllerClass = 'service.k8s.aws/nlb'
export const autoModeClass = 'eks.amazonaws.com/nlb'

/**
 * The AWS load balancer controller: a network load balancer for each Service of its class, internal unless its annotation
 * says otherwise. Names and tags as in its sources, pkg/service/model_build_load_balancer.go.
 */
export const awsController: LoadBalancerController = networkController({
  finalizer: 'service.k8s.aws/resources',
  minds: (service, { loadBalancerClass }) =>
    loadBalancerClass === controllerClass || (!loadBalancerClass && isExternal(service)),
  clusterTag: 'elbv2.k8s.aws/cluster',
  prefix: 'service.k8s.aws',
})

/** EKS itself does the same for clusters in Auto Mode, with tags of its own. */
export const autoModeController: LoadBalancerController = networkController({
  finalizer: 'service.eks.amazonaws.com/resources',
  minds: (_, { loadBalancerClass }) => loadBalancerClass === autoModeClass,
  clusterTag: 'eks:eks-cluster-name',
  prefix: 'service.eks.amazonaws.com',
})

/** What their webhooks do: a new Service that names no class gets theirs. */
export function withClass(object: KubeObject, loadBalancerClass: string): KubeObject {
  const spec = object.spec as ServiceSpec | undefined
  if (object.kind !== 'Service' || spec?.type !== 'LoadBalancer' || spec.loadBalancerClass) return object
  return { ...object, spec: { ...spec, loadBalancerClass } }
}

type Own = Pick<LoadBalancerController, 'finalizer' | 'minds'> & { clusterTag: string; prefix: string }

function networkController({ finalizer, minds, clusterTag, prefix }: Own): LoadBalancerController {
  return {
    finalizer,
    minds,
    early: true,
    component: 'service',
    words: {
      begins: undefined,
      made: ['SuccessfullyReconciled', 'Successfully reconciled'],
      releases: undefined,
      released: undefined,
    },
    create(service, { aws, spec: cluster }) {
      const { namespace, name, annotations = {} } = service.metadata
      const spec = service.spec as ServiceSpec
      const scheme = annotations[schemeAnnotation] === 'internet-facing' ? 'internet-facing' : 'internal'
      const tags = { [clusterTag]: cluster.name, [`${prefix}/stack`]: `${namespace}/${name}` }
      const listeners = listenersOf(spec)
      return aws.elb.create({
        ...(cluster.account !== undefined && { account: cluster.account }),
        ...(cluster.vpcId !== undefined && { vpcId: cluster.vpcId }),
        region: cluster.region,
        name: nameOf(service, cluster, scheme),
        type: 'network',
        scheme,
        tags: { ...tags, [`${prefix}/resource`]: 'LoadBalancer' },
        targetGroups: listeners.map(({ port }) => nameOf(service, cluster, `${port}`)),
        listeners,
      })
    },
  }
}

function nameOf({ metadata }: KubeObject, { name: cluster }: ClusterSpec, more: string): string {
  const { namespace = '', name, uid = '' } = metadata
  const hash = createHash('sha256').update(`${cluster}${uid}${more}`).digest('hex')
  const short = (text: string) => text.replace(/[^a-z\d]/gi, '').slice(0, 8)
  return `k8s-${short(namespace)}-${short(name)}-${hash.slice(0, 10)}`
}
