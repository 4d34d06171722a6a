import { Document, visit } from 'yaml'

/** A policy or a trust as it lies in docs/iam: parameters are written `${Domain}`. */
export type IamDocument = { readonly Version: string; readonly Statement: readonly IamStatement[] }
type IamStatement = { readonly Sid: string; readonly [field: string]: unknown }

/** Documents by their names, without folder and extension. */
type Documents = Readonly<Record<string, IamDocument>>

/** Under which condition of the template a policy is made; all others are for those who build clusters. */
const conditions: Readonly<Record<string, string | undefined>> = {
  'deploy-federated-app': 'Deploys',
  // Every scope has records.
  'latency-dns': undefined,
}
const trustConditions: Readonly<Record<string, string>> = {
  branch: 'TrustsBranch',
  environment: 'TrustsEnvironment',
  'pull-request': 'TrustsPullRequests',
}

const sub = (name: string) => `\${${name}}`
/** What CloudFormation knows by itself or the template calls otherwise. */
const parameters: Readonly<Record<string, string>> = {
  Account: sub('AWS::AccountId'),
  Boundary: `${sub('Name')}-machines`,
}

/** The resources of all policies, and of the boundary, as they stand in the template. */
export function renderPolicies(policies: Documents, boundary: IamDocument): string {
  const attached = Object.entries(policies).map(([name, document]) => {
    const condition = name in conditions ? conditions[name] : 'Builds'
    const properties = {
      ManagedPolicyName: `${sub('Name')}-${name}`,
      Description: `What Meridian's role may do: docs/iam/${name}.json`,
      Roles: [{ Ref: 'Role' }],
      PolicyDocument: document,
    }
    return [resourceName(name), managedPolicy(properties, condition)] as const
  })
  const bounding = {
    ManagedPolicyName: parameters.Boundary,
    Description: 'What the machines of clusters may do at most',
    PolicyDocument: boundary,
  }
  const resources = { ...Object.fromEntries(attached), Boundary: managedPolicy(bounding, 'Builds') }
  return indent(toYaml(resources), 2)
}

/** The statements of the role's trust, each under its condition. */
export function renderTrust(trusts: Documents): string {
  const statements = Object.entries(trusts).flatMap(([name, { Statement }]) => {
    const condition = trustConditions[name]
    if (condition === undefined)
      throw new Error(`docs/iam/trust/${name}.json has no condition in the template`)
    return Statement.map(statement => {
      const { Principal } = statement as { Principal?: { Federated: string } }
      // The reference makes the role wait for the provider.
      const Federated = { 'Fn::If': ['CreatesProvider', { Ref: 'GitHub' }, Principal?.Federated] }
      const trusted = { ...statement, Sid: resourceName(name), Principal: { Federated } }
      return { 'Fn::If': [condition, trusted, { Ref: 'AWS::NoValue' }] }
    })
  })
  return indent(toYaml(statements), 10)
}

function managedPolicy(properties: object, condition: string | undefined) {
  const conditional = condition === undefined ? {} : { Condition: condition }
  return { Type: 'AWS::IAM::ManagedPolicy', ...conditional, Properties: properties }
}

/** `kops-cloud` → `KopsCloud`. */
function resourceName(name: string): string {
  return name.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase())
}

/** YAML in which every text with a parameter is filled in by CloudFormation. */
function toYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false })
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return
      node.type = 'QUOTE_DOUBLE'
      const text = node.value.replaceAll('arn:aws:', `arn:${sub('AWS::Partition')}:`)
      if (!text.includes('${')) return
      node.tag = '!Sub'
      node.value = text.replace(/\$\{(\w+)\}/g, (whole, name: string) => parameters[name] ?? whole)
    },
  })
  return document.toString({ lineWidth: 0 })
}

function indent(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by))
}
