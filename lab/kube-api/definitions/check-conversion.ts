import { isFields, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import {
  type FieldProblem,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from '../status-error.ts'
import { dns1035Rules } from '../text-rules.ts'

const at = 'spec.conversion'
const strategies = ['None', 'Webhook']
/** The reviews of a conversion that a server speaks. */
const reviews: readonly unknown[] = ['v1', 'v1beta1']

/** What is wrong with how a definition converts its objects. */
export function conversionProblems(conversion: unknown): FieldProblem[] {
  if (!isFields(conversion)) return []
  const strategy = textAt(conversion, 'strategy')
  const versions = listAt(conversion, 'webhook', 'conversionReviewVersions')
  const client = valueAt(conversion, 'webhook', 'clientConfig')
  const told = [
    ...(strategy ? [] : [requiredValue(`${at}.strategy`)]),
    ...(strategy && !strategies.includes(strategy)
      ? [unsupportedValue(`${at}.strategy`, strategy, strategies)]
      : []),
  ]
  if (strategy === 'Webhook') return [...told, ...clientProblems(client), ...reviewProblems(versions)]
  const alone = 'should not be set when strategy is not set to Webhook'
  return [
    ...told,
    ...(client === undefined ? [] : [forbiddenValue(`${at}.webhookClientConfig`, alone)]),
    ...(versions.length > 0 ? [forbiddenValue(`${at}.conversionReviewVersions`, alone)] : []),
  ]
}

function clientProblems(client: unknown): FieldProblem[] {
  const place = `${at}.webhookClientConfig`
  if (client === undefined) return [requiredValue(place, 'required when strategy is set to Webhook')]
  const [url, service] = [valueAt(client, 'url'), valueAt(client, 'service')]
  if ((url === undefined) === (service === undefined))
    return [requiredValue(place, 'exactly one of url or service is required')]
  if (service === undefined) return []
  const [name, namespace, path] = ['name', 'namespace', 'path'].map(field => textAt(service, field))
  return [
    ...(name ? [] : [requiredValue(`${place}.service.name`, 'service name is required')]),
    ...(namespace ? [] : [requiredValue(`${place}.service.namespace`, 'service namespace is required')]),
    ...(path && !path.startsWith('/')
      ? [invalidValue(`${place}.service.path`, path, "must start with a '/'")]
      : []),
  ]
}

function reviewProblems(versions: readonly unknown[]): FieldProblem[] {
  const place = `${at}.conversionReviewVersions`
  if (versions.length === 0) return [requiredValue(place)]
  return [
    ...versions.flatMap((version, index) =>
      versions.indexOf(version) < index
        ? [invalidValue(`${place}[${index}]`, version, 'duplicate version')]
        : dns1035Rules(String(version)).map(rule => invalidValue(`${place}[${index}]`, version, rule)),
    ),
    ...(versions.some(version => reviews.includes(version))
      ? []
      : [invalidValue(place, versions, `must include at least one of ${reviews.join(', ')}`)]),
  ]
}
