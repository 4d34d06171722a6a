import { AwsError } from '@meridian/lab-aws-protocol'
import { type Resource, textAttribute } from '@meridian/lab-world'

/** A role or instance profile by its name; throws IAM's error for one that is not there. */
export function findEntity(all: Resource[], name: string | null, what: string): Resource {
  const found = all.find(resource => resource.name === name)
  if (found) return found
  const kind = what === 'role' ? `The role with name ${name}` : `Instance Profile ${name}`
  throw new AwsError(404, 'NoSuchEntity', `${kind} cannot be found.`)
}

/** The inline policies of a role, by name, as JSON. */
export function policiesOf({ attributes }: Resource): Record<string, string> {
  return (attributes.policies ?? {}) as Record<string, string>
}

/** The name of the role in an instance profile, if there is one. */
export function roleOf(profile: Resource): string | undefined {
  return textAttribute(profile, 'role')
}
