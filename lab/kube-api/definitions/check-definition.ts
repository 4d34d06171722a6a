import { type Fields, fieldsAt, listAt, sameJson, textAt, valueAt } from '@meridian/lab-world/json'
import type { KubeObject } from '../objects.ts'
import { type FieldProblem, invalidValue, requiredValue, unsupportedValue } from '../status-error.ts'
import { dns1035Rules, dnsSubdomainRules, type TextRule } from '../text-rules.ts'
import { conversionProblems } from './check-conversion.ts'
import { deprecationProblems, ofVersions, servedProblems } from './check-version.ts'
import { storageVersions } from './definition-status.ts'

/**
 * What is wrong with a definition (`pkg/apis/apiextensions/validation` of apiextensions-apiserver). What all versions have
 * in common is told of the definition as a whole: `spec.validation`, `spec.subresources`.
 */
export function definitionProblems(object: KubeObject, previous: KubeObject | undefined): FieldProblem[] {
  const spec = fieldsAt(object, 'spec')
  return [
    ...(previous ? [] : nameProblems(object)),
    ...groupProblems(spec),
    ...versionProblems(spec),
    ...ownNameProblems(fieldsAt(spec, 'names')),
    ...commonProblems(spec),
    ...conversionProblems(spec.conversion),
    ...(previous ? changeProblems(spec, previous) : []),
    ...storedProblems(object),
    ...approvalProblems(object, previous),
    ...(spec.preserveUnknownFields === true
      ? [
          invalidValue(
            'spec.preserveUnknownFields',
            true,
            'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
          ),
        ]
      : []),
  ]
}

const ruled = (rules: TextRule, value: string, at: string, start = ''): FieldProblem[] => {
  const broken = value === '' ? [] : rules(value)
  return broken.length > 0 ? [invalidValue(at, value, start + broken.join(','))] : []
}

function nameProblems({ metadata, spec }: KubeObject): FieldProblem[] {
  const expected = `${textAt(spec, 'names', 'plural')}.${textAt(spec, 'group')}`
  return metadata.name === expected
    ? []
    : [invalidValue('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')]
}

function groupProblems(spec: Fields): FieldProblem[] {
  const group = textAt(spec, 'group')
  const misspelt = ruled(dnsSubdomainRules, group, 'spec.group')
  const scope = textAt(spec, 'scope')
  const scopes = ['Cluster', 'Namespaced']
  return [
    ...(group ? misspelt : [requiredValue('spec.group')]),
    ...(group && misspelt.length === 0 && !group.includes('.')
      ? [invalidValue('spec.group', group, 'should be a domain with at least one dot')]
      : []),
    ...(scope ? [] : [requiredValue('spec.scope')]),
    ...(scope && !scopes.includes(scope) ? [unsupportedValue('spec.scope', scope, scopes)] : []),
  ]
}

/** Which fields all versions have alike. */
function commonFields(spec: Fields): Set<string> {
  const [first, ...rest] = listAt(spec, 'versions')
  return new Set(
    ofVersions.filter(field => rest.every(each => sameJson(valueAt(each, field), valueAt(first, field)))),
  )
}

function versionProblems(spec: Fields): FieldProblem[] {
  const versions = listAt(spec, 'versions')
  const common = commonFields(spec)
  const names = versions.map(version => textAt(version, 'name'))
  const storage = storageVersions({ spec })
  const place = (index: number) => `spec.versions[${index}]`
  return [
    ...versions.flatMap((version, index) =>
      valueAt(version, 'schema', 'openAPIV3Schema') === undefined
        ? [requiredValue(`${place(index)}.schema.openAPIV3Schema`)]
        : [],
    ),
    ...versions.flatMap((version, index) => [
      ...namedVersion(names[index] ?? '', `${place(index)}.name`),
      ...deprecationProblems(version, `${place(index)}.deprecationWarning`),
      ...servedProblems(version, field => (common.has(field) ? undefined : `${place(index)}.${field}`)),
    ]),
    ...(new Set(names).size < names.length
      ? [invalidValue('spec.versions', versions, 'must contain unique version names')]
      : []),
    ...(storage.length === 1
      ? []
      : [invalidValue('spec.versions', versions, 'must have exactly one version marked as storage version')]),
    // The first one is told as the version of the definition, too.
    ...(names[0] ? namedVersion(names[0], 'spec.version') : []),
  ]
}

function namedVersion(name: string, at: string): FieldProblem[] {
  const broken = dns1035Rules(name)
  return broken.length > 0 ? [invalidValue(at, name, broken.join(','))] : []
}

const commonNames: Readonly<Record<string, string>> = { schema: 'spec.validation' }

function commonProblems(spec: Fields): FieldProblem[] {
  const common = commonFields(spec)
  const [first] = listAt(spec, 'versions')
  return servedProblems(first, field =>
    common.has(field) ? (commonNames[field] ?? `spec.${field}`) : undefined,
  )
}

function ownNameProblems(names: Fields): FieldProblem[] {
  const [plural, singular, kind, listKind] = ['plural', 'singular', 'kind', 'listKind'].map(field =>
    textAt(names, field),
  ) as [string, string, string, string]
  const mixed = 'may have mixed case, but should otherwise match: '
  const cased: TextRule = text => dns1035Rules(text.toLowerCase())
  const each = (field: string) =>
    listAt(names, field).flatMap((name, index) => namedVersion(String(name), `spec.names.${field}[${index}]`))
  return [
    ...Object.entries({ plural, singular, kind, listKind })
      .filter(([, name]) => name === '')
      .map(([field]) => requiredValue(`spec.names.${field}`)),
    ...ruled(dns1035Rules, plural, 'spec.names.plural'),
    ...ruled(dns1035Rules, singular, 'spec.names.singular'),
    ...ruled(cased, kind, 'spec.names.kind', mixed),
    ...ruled(cased, listKind, 'spec.names.listKind', mixed),
    ...each('shortNames'),
    ...(kind && kind === listKind
      ? [invalidValue('spec.names.listKind', listKind, 'kind and listKind may not be the same')]
      : []),
    ...each('categories'),
  ]
}

/** What an update may not change. */
function changeProblems(spec: Fields, previous: KubeObject): FieldProblem[] {
  const conditions = listAt(previous, 'status', 'conditions')
  const isEstablished = conditions.some(
    each => textAt(each, 'type') === 'Established' && textAt(each, 'status') === 'True',
  )
  const kept = [...(isEstablished ? [['scope'], ['names', 'kind']] : []), ['group'], ['names', 'plural']]
  return kept.flatMap(path => {
    const now = valueAt(spec, ...path)
    return sameJson(now, valueAt(previous, 'spec', ...path))
      ? []
      : [invalidValue(`spec.${path.join('.')}`, now, 'field is immutable')]
  })
}

function storedProblems(definition: KubeObject): FieldProblem[] {
  const known = listAt(definition, 'spec', 'versions').map(version => textAt(version, 'name'))
  const stored = listAt(definition, 'status', 'storedVersions')
  if (stored.length === 0)
    return [invalidValue('status.storedVersions', null, 'must have at least one stored version')]
  const unstored = storageVersions(definition)
    .filter(name => !stored.includes(name))
    .map(name => invalidValue('status.storedVersions', stored, `must have the storage version ${name}`))
  const lost = stored.flatMap((version, index) =>
    known.includes(String(version))
      ? []
      : [
          invalidValue(
            `status.storedVersions[${index}]`,
            version,
            `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`,
          ),
        ],
  )
  return [...unstored, ...lost]
}

const approval = 'api-approved.kubernetes.io'

/** Groups of Kubernetes' own are for who has them approved, or says that they are not. */
function approvalProblems({ metadata, spec }: KubeObject, previous: KubeObject | undefined): FieldProblem[] {
  const given = metadata.annotations?.[approval] ?? ''
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(textAt(spec, 'group'))) return []
  if (previous && (previous.metadata.annotations?.[approval] ?? '') === given) return []
  const place = `metadata.annotations[${approval}]`
  const needs = `protected groups must have approval annotation ${JSON.stringify(approval)}`
  const see = 'see https://github.com/kubernetes/enhancements/pull/1111'
  if (given === '') return [requiredValue(place, `${needs}, ${see}`)]
  if (given.startsWith('unapproved') || /^[a-z]+:\/\/[^/]+/i.test(given)) return []
  return [
    invalidValue(place, given, `${needs} with either a URL or a reason starting with "unapproved", ${see}`),
  ]
}
