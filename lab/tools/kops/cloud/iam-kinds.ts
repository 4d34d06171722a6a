import { child } from '@meridian/lab-aws-protocol'
import type { ResourceType } from '@meridian/lab-world'
import { type CloudClient, type Parameters, Refusal } from '../cloud-client.ts'
import { born, type Kind, nameOf, text } from './kind.ts'
import { type Found, read, readTags } from './read-xml.ts'
import { members, numbered } from './write-tags.ts'

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})

/** An answer of IAM, or undefined for what is not there. */
export async function askIam(cloud: CloudClient, operation: string, parameters: Parameters) {
  try {
    return await cloud.query('iam', operation, parameters)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'NoSuchEntity') return undefined
    throw error
  }
}

/** kops takes all tags off before it puts those that are wanted on. */
const retag =
  (what: string, parameter: string): Kind['tag'] =>
  async (cloud, { name, tags: old }, tags) => {
    const named = { [parameter]: name }
    if (Object.keys(old).length > 0) {
      await cloud.query('iam', `Untag${what}`, { ...named, ...members('TagKeys.member', Object.keys(old)) })
    }
    await cloud.query('iam', `Tag${what}`, { ...named, ...numbered('Tags.member', { ...old, ...tags }) })
  }

export const iamKinds: Partial<Record<ResourceType, Kind>> = {
  'iam-role': {
    async find(cloud, wanted) {
      const answer = await askIam(cloud, 'GetRole', { RoleName: nameOf(wanted) })
      if (answer === undefined) return undefined
      const role = child(answer, 'Role')
      const boundary = read(child(role, 'PermissionsBoundary'), 'PermissionsBoundaryArn')
      return { ...named('iam-role', nameOf(wanted)), tags: readTags(role), attributes: { boundary } }
    },
    async make(cloud, wanted) {
      await cloud.query('iam', 'CreateRole', {
        AssumeRolePolicyDocument: trust,
        PermissionsBoundary: text(wanted, 'boundary'),
        RoleName: nameOf(wanted),
        ...numbered('Tags.member', wanted.tags ?? {}),
      })
      return born(wanted, nameOf(wanted))
    },
    async mend(cloud, { name, attributes }, wanted) {
      const boundary = text(wanted, 'boundary')
      if (boundary === undefined || boundary === attributes.boundary) return
      await cloud.query('iam', 'PutRolePermissionsBoundary', {
        PermissionsBoundary: boundary,
        RoleName: name,
      })
    },
    tag: retag('Role', 'RoleName'),
  },
  'iam-instance-profile': {
    async find(cloud, wanted) {
      const answer = await askIam(cloud, 'GetInstanceProfile', { InstanceProfileName: nameOf(wanted) })
      if (answer === undefined) return undefined
      const profile = child(answer, 'InstanceProfile')
      return { ...named('iam-instance-profile', nameOf(wanted)), tags: readTags(profile) }
    },
    async make(cloud, wanted) {
      const name = { InstanceProfileName: nameOf(wanted) }
      await cloud.query('iam', 'CreateInstanceProfile', name)
      await cloud.query('iam', 'TagInstanceProfile', {
        ...name,
        ...numbered('Tags.member', wanted.tags ?? {}),
      })
      return born(wanted, nameOf(wanted))
    },
    tag: retag('InstanceProfile', 'InstanceProfileName'),
  },
}

function named(type: ResourceType, name: string): Found {
  return { type, id: name, name, tags: {}, attributes: {} }
}
