import type { actionNames } from './action-files.ts'

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

/** An input of an action by its name, or by another name in the workflow: `record-ttl=ttl`. */
export type Taken = Partial<Record<ActionName, string>>

/** Inputs of actions, with the action's own description and default. */
export type Take = (taken: Taken) => Record<string, WorkflowInput>

const threeRegions =
  '[{"name":"usa","region":"us-east-1","zones":["us-east-1a"]},' +
  ' {"name":"eur","region":"eu-west-1","zones":["eu-west-1a"]},' +
  ' {"name":"jpn","region":"ap-northeast-1","zones":["ap-northeast-1a"]}]'

export const own = {
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
    description:
      'JSON list of clusters with name, region and zones, or of those that EKS has, with name, region, provider eks and eksName; the first one hosts the federation',
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

export const machines =
  'kubernetes-version control-plane-count control-plane-size node-count node-size spot networking topology dns ssh-public-key ssh-access api-access state-kms-key'
export const credentials = 'role-session-duration expected-account-id'
export const kops = 'kops-version kops-url kops-sha256'
export const karmadactl = 'karmada-version karmadactl-url karmadactl-sha256'
export const app =
  'namespace app placement rollout waves wave-timeout images image-pull-secrets allowed-kinds prune max-deletes kubectl-url'
export const dns =
  'record-type=type record-ttl=ttl evaluate-target-health health-checks min-regions protect verify vantage-points name-servers page page-path zone-id'

/** What every workflow's jobs need. */
export function jobInputs(take: Take): Record<string, WorkflowInput> {
  return {
    'role-to-assume': own['role-to-assume'],
    ...take({ teardown: credentials }),
    'runs-on': own['runs-on'],
  }
}

/** The words of a text that blanks divide. */
export const words = (text: string): string[] => text.split(' ').filter(Boolean)
