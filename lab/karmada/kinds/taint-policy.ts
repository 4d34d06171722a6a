import { columns, type FieldProblem, forbiddenValue, type Kind, StatusError } from '@meridian/lab-kube-api'
import { isFields, listAt, textAt } from '@meridian/lab-world/json'
import { karmadaSchema } from './karmada-schemas.ts'

const webhook = 'clustertaintpolicy.karmada.io'

/**
 * Taints put on Clusters by their conditions. Karmada's webhook refuses taints that evict unless it has been started
 * with `--allow-no-execute-taint-policy`.
 */
export function clusterTaintPolicyKind(allowsNoExecute: () => boolean): Kind {
  return {
    group: 'policy.karmada.io',
    version: 'v1alpha1',
    kind: 'ClusterTaintPolicy',
    schema: karmadaSchema('ClusterTaintPolicy'),
    plural: 'clustertaintpolicies',
    singular: 'clustertaintpolicy',
    categories: ['karmada-io'],
    namespaced: false,
    generation: true,
    columns: columns([]),
    prepare(object) {
      const problems = taintProblems(isFields(object.spec) ? object.spec : {}, allowsNoExecute())
      if (problems.length > 0) throw denied(webhook, problems)
    },
  }
}

function taintProblems(spec: unknown, allowsNoExecute: boolean): FieldProblem[] {
  const taints = listAt(spec, 'taints').map(taint => ({
    key: textAt(taint, 'key'),
    effect: textAt(taint, 'effect'),
  }))
  return taints.flatMap(({ key, effect }, index) => {
    const at = `spec.taints[${index}]`
    const twice = taints.slice(index + 1).some(other => other.key === key && other.effect === effect)
    return [
      ...(effect === 'NoExecute' && !allowsNoExecute ? [forbiddenValue(at, noExecute)] : []),
      ...(twice ? [duplicate(at, key, effect)] : []),
    ]
  })
}

const noExecute =
  'Configuring taint with NoExecute effect is not allowed, this capability must be explicitly enabled by administrators through command-line flags'

function duplicate(field: string, key: string, effect: string): FieldProblem {
  const rule = `Duplicate taint with the same key(${key}) and effect(${effect}) is not allowed`
  return { field, reason: 'FieldValueDuplicate', message: `Duplicate value: ${JSON.stringify(rule)}` }
}

/** A refusal by a validating webhook, as the API server passes it on. */
function denied(name: string, problems: readonly FieldProblem[]): StatusError {
  const lines = problems.map(({ field, message }) => `${field}: ${message}`)
  const text = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`
  return new StatusError(403, 'Forbidden', `admission webhook "${name}" denied the request: ${text}`)
}
