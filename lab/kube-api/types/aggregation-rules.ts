import { fieldsAt, textAt } from '@meridian/lab-world/json'
import { type FieldProblem, invalidValue, requiredValue } from '../status-error.ts'
import { dns1035Rules, dnsSubdomainRules, pathSegmentRules } from '../text-rules.ts'
import { counted, outside, partsOf, type Rule, required, strictly, type TypeRules, text } from './rule.ts'

const named: Rule = ({ object }) => {
  const [name, spec] = [textAt(object, 'metadata', 'name'), fieldsAt(object, 'spec')]
  if (pathSegmentRules(name).length > 0) return []
  const wanted = `${textAt(spec, 'version')}.${textAt(spec, 'group')}`
  const rule = `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`
  return name === wanted ? [] : [invalidValue('metadata.name', name, rule)]
}

/** What only a service behind an API may have. */
const ofService: Rule = ({ value, at }) => {
  const { service, caBundle = '', insecureSkipTLSVerify = false } = partsOf(value)
  const bytes = Buffer.byteLength(String(caBundle), 'base64')
  const found: FieldProblem[] = []
  if (service === undefined && bytes > 0)
    found.push(invalidValue(`${at}.caBundle`, `${bytes} bytes`, 'local APIServices may not have a caBundle'))
  if (service === undefined && insecureSkipTLSVerify)
    found.push(
      invalidValue(
        `${at}.insecureSkipTLSVerify`,
        true,
        'local APIServices may not have insecureSkipTLSVerify',
      ),
    )
  if (service !== undefined && insecureSkipTLSVerify && bytes > 0)
    found.push(invalidValue(`${at}.insecureSkipTLSVerify`, true, 'may not be true if caBundle is present'))
  return found
}

const priority = (most: number) => counted(outside(1, most, `must be positive and less than ${most}`))

/** The rules of APIs that another server answers (`pkg/apis/apiregistration/validation` of kube-aggregator). */
export const aggregationRules: Readonly<Record<string, TypeRules>> = {
  'apiregistration.v1.APIService': { '': named },
  'kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec': {
    group: [
      ({ value = '', at, within }) =>
        value === '' && within.version !== 'v1'
          ? [requiredValue(at, 'only v1 may have an empty group and it better be legacy kube')]
          : [],
      text(dnsSubdomainRules),
    ],
    version: strictly(dns1035Rules),
    groupPriorityMinimum: priority(20_000),
    versionPriority: priority(1_000),
    '': ofService,
  },
  'kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference': {
    namespace: required(),
    name: required(),
    port: outside(1, 65_535, 'port is not valid: must be between 1 and 65535, inclusive'),
  },
}
