import { type ActionFile, actionNames } from './action-files.ts'

type ActionName = (typeof actionNames)[number]

/** An input as it stands in a workflow. */
export type WorkflowInput = {
  description: string
  type: 'string' | 'boolean' | 'choice'
  required?: true
  default?: string | boolean
  options?: string[]
}

/** The inputs of a callable workflow: all are for callers, and of these the `form` is for people who press the button. */
export type WorkflowInputs = {
  all: Record<string, WorkflowInput>
  /** Names in `all`, in the form's order, and what the form has otherwise. GitHub allows it 25 inputs. */
  form: string[]
  inForm?: Record<string, Partial<WorkflowInput>>
}

type Actions = Readonly<Record<string, ActionFile>>
/** An input of an action by its name, or by another name in the workflow: `record-ttl=ttl`. */
type Taken = Partial<Record<ActionName, string>>

const threeRegions =
  '[{"name":"usa","region":"us-east-1","zones":["us-east-1a"]},' +
  ' {"name":"eur","region":"eu-west-1","zones":["eu-west-1a"]},' +
  ' {"name":"jpn","region":"ap-northeast-1","zones":["ap-northeast-1a"]}]'

const own = {
  domain: {
    description: 'Public Route 53 hosted zone under which everything is named, such as k8s.example.com',
    type: 'string',
    required: true,
  },
  environment: {
    description: 'Name of this federation where several share the domain; empty for the only one',
    type: 'string',
  },
  clusters: {
    description: 'JSON list of clusters with name, region and zones; the first one hosts the federation',
    type: 'string',
    default: threeRegions,
  },
  repository: {
    description:
      'Repository that owns it, as owner/name, where several work on one federation; empty for the one that this runs in',
    type: 'string',
  },
  manifests: {
    description:
      "Files, directories or globs of the app's manifests in the repository that this runs in; without any there is neither app nor name",
    type: 'string',
  },
  ref: {
    description: 'Branch, tag or commit of the manifests; by default what the run is for',
    type: 'string',
  },
  record: {
    description: 'Name below the domain that users resolve, such as shop; without it there is none',
    type: 'string',
  },
  adopt: {
    description:
      'Claim what is there and bears no mark of an owner (clusters, members, objects, records), so that this may change it and Down may delete it',
    type: 'boolean',
    default: false,
  },
  'role-to-assume': {
    description: 'ARN of the AWS role of these jobs; by default the variable MERIDIAN_ROLE of the repository',
    type: 'string',
  },
  'runs-on': {
    description: 'Label of the runners, or a JSON list of labels',
    type: 'string',
    default: 'ubuntu-24.04',
  },
} as const satisfies Record<string, WorkflowInput>

const credentials = 'role-session-duration expected-account-id'
const kops = 'kops-version kops-url kops-sha256'
const karmadactl = 'karmada-version karmadactl-url karmadactl-sha256'
const app =
  'namespace app placement rollout waves wave-timeout images image-pull-secrets allowed-kinds prune max-deletes kubectl-url'
const dns =
  'record-type=type record-ttl=ttl evaluate-target-health health-checks min-regions protect verify vantage-points name-servers zone-id'

/** The inputs of each callable workflow, by the name of its file. `actions` are their action.yml files by directory. */
export function workflowInputs(actions: Actions): Record<string, WorkflowInputs> {
  const take = (taken: Taken) => takeInputs(actions, taken)
  return {
    up: up(take),
    down: down(take),
    reap: reap(take),
    'take-region-out': takeRegionOut(take),
  }
}

type Take = (taken: Taken) => Record<string, WorkflowInput>

function up(take: Take): WorkflowInputs {
  const { domain, environment, clusters, repository, ref, manifests, record, adopt } = own
  return {
    all: {
      ...{ domain, environment, clusters, record, manifests, ref, repository, adopt },
      ...take({
        'create-cluster': `ttl state-store state-store-account pull-request kubernetes-version control-plane-count control-plane-size node-count node-size networking topology dns ssh-public-key ssh-access api-access tags image channel permissions-boundary set apply-pending ${kops}`,
        federate: `federation=name host etcd-storage api-allowed-cidrs upgrade prune-members=prune ${karmadactl}`,
        'deploy-federated-app': app,
        'latency-dns': dns,
      }),
      'dry-run': {
        description: 'Only show what would be made of clusters; nothing else is looked at',
        type: 'boolean',
        default: false,
      },
      ...jobInputs(take),
    },
    form: words(
      'domain environment clusters record manifests ttl state-store repository pull-request kubernetes-version control-plane-size node-count node-size topology placement images namespace app adopt dry-run role-to-assume runs-on',
    ),
    inForm: { record: { default: 'hugo-fed' }, manifests: { default: 'examples/hugo-app' } },
  }
}

function down(take: Take): WorkflowInputs {
  const { domain, environment, clusters, repository } = own
  return {
    all: {
      ...{ domain, environment, clusters, repository },
      ...take({
        teardown: `state-store state-store-account host federation app records owner zone-id scope force max-clusters drain-time cluster-timeout lease-timeout timeout dry-run ${kops} ${karmadactl}`,
      }),
      ...jobInputs(take),
    },
    form: words(
      'domain environment clusters state-store repository scope records force dry-run role-to-assume runs-on',
    ),
  }
}

function reap(take: Take): WorkflowInputs {
  const where =
    'Domain at or below which environments are looked for; by default the variable MERIDIAN_DOMAIN'
  return {
    all: {
      domain: { description: where, type: 'string' },
      ...take({
        teardown: `owners state-stores name-servers max-clusters cluster-timeout lease-timeout dry-run ${kops} ${karmadactl}`,
      }),
      timeout: { description: 'When to give up, such as 60m', type: 'string', default: '110m' },
      ...jobInputs(take),
    },
    form: words('domain owners state-stores max-clusters dry-run role-to-assume runs-on'),
    inForm: { 'dry-run': { default: true } },
  }
}

function takeRegionOut(take: Take): WorkflowInputs {
  const { domain, environment, clusters, repository, manifests } = own
  const options = ['take-out', 'bring-back']
  return {
    all: {
      domain,
      environment,
      record: { description: 'Name below the domain, such as shop', type: 'string', required: true },
      what: {
        description: 'take-out, or bring-back once the region is well again',
        type: 'string',
        required: true,
      },
      regions: {
        description: 'The regions, such as ap-northeast-1, as a list',
        type: 'string',
        required: true,
      },
      manifests: {
        ...manifests,
        description:
          "Files, directories or globs of the app's manifests in the repository that this runs in, to run all its replicas where the regions are not out; without any only the name changes",
      },
      ...{ clusters, repository },
      ...take({
        'deploy-federated-app': `state-store state-store-account host federation ${app} ${kops}`,
        'latency-dns': `owner ${dns}`,
      }),
      ...jobInputs(take),
    },
    form: words(
      'what regions domain environment record manifests clusters state-store repository namespace app role-to-assume runs-on',
    ),
    inForm: {
      what: { type: 'choice', options },
      record: { default: 'hugo-fed' },
      manifests: { default: 'examples/hugo-app' },
    },
  }
}

function jobInputs(take: Take): Record<string, WorkflowInput> {
  return {
    'role-to-assume': own['role-to-assume'],
    ...take({ teardown: credentials }),
    'runs-on': own['runs-on'],
  }
}

/** Inputs with the description and default of the action's own. */
function takeInputs(actions: Actions, taken: Taken): Record<string, WorkflowInput> {
  const entries = actionNames.flatMap(action =>
    words(taken[action] ?? '').map(word => [action, word] as const),
  )
  return Object.fromEntries(
    entries.map(([action, word]) => {
      const [name = word, given = name] = word.split('=')
      const input = actions[action]?.inputs?.[given]
      if (input?.description === undefined) throw new Error(`actions/${action} has no input '${given}'`)
      const isFlag = input.default === 'true' || input.default === 'false'
      const preset = isFlag
        ? { default: input.default === 'true' }
        : input.default && { default: input.default }
      const type = isFlag ? 'boolean' : 'string'
      return [name, { description: input.description.trim(), type, ...(preset || {}) } as const]
    }),
  )
}

const words = (text: string): string[] => text.split(' ').filter(Boolean)
