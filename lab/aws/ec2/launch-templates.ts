import {
  AwsError,
  listParameter,
  type Place,
  type QueryParameters,
  type XmlInput,
} from '@meridian/lab-aws-protocol'
import type { Resource, World } from '@meridian/lab-world'

/** What a launch template says of its machines. */
export function readTemplate(parameters: QueryParameters) {
  const read = (field: string) => parameters.get(`LaunchTemplateData.${field}`) ?? undefined
  return {
    imageId: read('ImageId'),
    instanceType: read('InstanceType'),
    profile: read('IamInstanceProfile.Name'),
    spotPrice: read('InstanceMarketOptions.SpotOptions.MaxPrice'),
    userData: read('UserData'),
    securityGroups: listParameter(parameters, 'LaunchTemplateData.NetworkInterface.1.SecurityGroupId'),
    tagged: parameters.has('LaunchTemplateData.TagSpecification.1.ResourceType'),
  }
}

/** A template by the id or name that a request has below `prefix`. */
export function findTemplate(world: World, place: Place, parameters: QueryParameters, prefix = ''): Resource {
  const [id, name] = ['Id', 'Name'].map(part => parameters.get(`${prefix}LaunchTemplate${part}`))
  const { account, region } = place
  const all = world.inventory.list({ type: 'launch-template', account, region })
  const found = all.find(each => (id ? each.id === id : each.name === name))
  if (found) return found
  const code = id ? 'InvalidLaunchTemplateId.NotFound' : 'InvalidLaunchTemplateName.NotFoundException'
  throw new AwsError(
    400,
    code,
    'At least one of the launch templates specified in the request does not exist.',
  )
}

/** The latest version of a template: older ones are not kept. */
export function describeVersions(world: World, place: Place, parameters: QueryParameters): XmlInput {
  const template = findTemplate(world, place, parameters)
  const { imageId, instanceType, profile, spotPrice, userData, version = 1 } = template.attributes
  const item = {
    launchTemplateId: template.id,
    launchTemplateName: template.name,
    versionNumber: Number(version),
    defaultVersion: true,
    launchTemplateData: {
      imageId: String(imageId ?? ''),
      instanceType: String(instanceType ?? ''),
      userData: String(userData ?? ''),
      ...(spotPrice !== undefined && {
        instanceMarketOptions: { marketType: 'spot', spotOptions: { maxPrice: String(spotPrice) } },
      }),
      iamInstanceProfile: { name: String(profile ?? '') },
    },
  }
  return { launchTemplateVersionSet: { item: [item] } }
}

/** A new version, which groups take for their next machines. */
export function createVersion(world: World, place: Place, parameters: QueryParameters): XmlInput {
  const template = findTemplate(world, place, parameters)
  const version = Number(template.attributes.version ?? 1) + 1
  Object.assign(template.attributes, readTemplate(parameters), { version })
  return { launchTemplateVersion: { launchTemplateId: template.id, versionNumber: version } }
}

/** Makes a version the default one. */
export function modifyTemplate(world: World, place: Place, parameters: QueryParameters): XmlInput {
  const template = findTemplate(world, place, parameters)
  template.attributes.defaultVersion = Number(parameters.get('SetDefaultVersion'))
  return { launchTemplate: { launchTemplateId: template.id } }
}
