import {
  dns,
  jobInputs,
  karmadactl,
  kops,
  machines,
  own,
  type Take,
  type WorkflowInput,
  type WorkflowInputs,
  words,
} from './shared-inputs.ts'

/** Of the workflow that makes an environment for a pull request. */
export function pullRequest(take: Take): WorkflowInputs {
  const whether = (description: string, preset = false): WorkflowInput => ({
    description,
    type: 'boolean',
    default: preset,
  })
  return {
    all: {
      domain: own.domain,
      kind: {
        description:
          'shared: a namespace and a name on a federation that stands anyway. own: clusters and a federation of its own, which takes twenty minutes and costs as much',
        type: 'string',
        default: 'shared',
      },
      clusters: {
        description:
          "JSON list of the federation's clusters, each with name and region, and fullName (shared) or zones (own); the first one hosts the federation",
        type: 'string',
        required: true,
      },
      manifests: {
        description: "Files, directories or globs of the app's manifests in the pull request's branch",
        type: 'string',
        required: true,
      },
      record: {
        description: "Name that users resolve, below the environment's own",
        type: 'string',
        default: 'web',
      },
      label: {
        description: 'Label that asks for an environment; empty for every pull request that is no draft',
        type: 'string',
      },
      drafts: whether('Whether drafts get an environment'),
      dependabot: whether("Whether Dependabot's pull requests get one without the label"),
      commands: whether(
        'Whether comments of people with write access may say /up, /down and /extend 4h',
        true,
      ),
      ttl: {
        description: 'How long an environment stays without a push, such as 72h; at least half of that',
        type: 'string',
        default: '72h',
      },
      images: {
        description: "Replaces images, one name=reference a line; {0} stands for the pull request's commit",
        type: 'string',
      },
      'allowed-kinds': {
        description:
          'Comma list of the only kinds that manifests may hold; a pull request can bring no others',
        type: 'string',
        default:
          'Deployment,StatefulSet,Service,ConfigMap,Job,CronJob,HorizontalPodAutoscaler,PodDisruptionBudget,ServiceAccount',
      },
      ...take({
        'create-cluster': `state-store state-store-account ${machines} tags image channel permissions-boundary set ${kops}`,
        federate: `federation=name etcd-storage api-allowed-cidrs ${karmadactl}`,
        'deploy-federated-app':
          'placement rollout waves wave-timeout image-pull-secrets max-deletes kubectl-url',
        'latency-dns': dns,
        'report-environment': 'prefix pull-request max-ttl comment-author deployment delete-environment',
      }),
      ...jobInputs(take),
    },
    form: words(
      'pull-request domain kind clusters state-store manifests record label drafts dependabot commands ttl prefix images placement image-pull-secrets allowed-kinds evaluate-target-health protect verify name-servers permissions-boundary role-to-assume runs-on',
    ),
    // All flags that Up is called with: what a form does not have is no boolean.
    // By hand it is always for a pull request that somebody names.
    inForm: { 'pull-request': { required: true } },
  }
}
