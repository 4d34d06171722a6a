import { type ActionFile, actionNames } from './action-files.ts'
import { pullRequest } from './pull-request-inputs.ts'
import {
  app,
  dns,
  jobInputs,
  karmadactl,
  kops,
  machines,
  own,
  type Take,
  type Taken,
  type WorkflowInput,
  type WorkflowInputs,
  words,
} from './shared-inputs.ts'

type Actions = Readonly<Record<string, ActionFile>>
/** The inputs of each callable workflow, by the name of its file. `actions` are their action.yml files by directory. */
export function workflowInputs(actions: Actions): Record<string, WorkflowInputs> {
  const take = (taken: Taken) => takeInputs(actions, taken)
  return {
    up: up(take),
    down: down(take),
    reap: reap(take),
    'take-region-out': takeRegionOut(take),
    upgrade: upgrade(take),
    'pull-request': pullRequest(take),
  }
}

function up(take: Take): WorkflowInputs {
  const { domain, environment, clusters, repository, ref, manifests, record, adopt } = own
  return {
    all: {
      ...{ domain, environment, clusters, record, manifests, ref, repository, adopt },
      ...take({
        'create-cluster': `ttl state-store state-store-account pull-request ${machines} tags image channel permissions-boundary set apply-pending ${kops}`,
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

function upgrade(take: Take): WorkflowInputs {
  const { domain, environment, clusters, repository, manifests } = own
  return {
    all: {
      ...{ domain, environment, clusters },
      record: {
        description: 'Name below the domain that leads to the app, such as shop',
        type: 'string',
        required: true,
      },
      manifests: {
        ...manifests,
        required: true,
        description:
          "Files, directories or globs of the app's manifests in the repository that this runs in: a region is let in again when it runs at its full number there",
      },
      repository,
      ...take({
        'create-cluster': `state-store state-store-account kubernetes-version control-plane-size node-size image apply-pending ${kops}`,
        federate: `federation=name host ${karmadactl}`,
        'deploy-federated-app': app,
        'latency-dns': `owner ${dns}`,
      }),
      'drain-time': {
        description:
          'How long to wait after a region is out of the name, until resolvers have forgotten it, such as `2m`, or `ttl` for the time to live of the records',
        type: 'string',
        default: 'ttl',
      },
      timeout: {
        description:
          'How long the machines of one cluster may take, such as `2h`; one takes about seven minutes',
        type: 'string',
        default: '110m',
      },
      'dry-run': {
        description: 'Only show the order, which machines would be replaced, and how long that takes',
        type: 'boolean',
        default: false,
      },
      ...jobInputs(take),
    },
    form: words(
      'domain environment clusters record manifests kubernetes-version control-plane-size node-size image apply-pending karmada-version state-store repository namespace app placement drain-time timeout dry-run role-to-assume runs-on',
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
