import { child } from '@meridian/lab-aws-protocol'
import type { NewResource, ResourceType } from '@meridian/lab-world'
import { type Parameters, Refusal } from '../cloud-client.ts'
import { describe, findImage, tagEc2 } from './ec2-kinds.ts'
import { born, type Kind, nameOf, text } from './kind.ts'
import { type Found, list, read } from './read-xml.ts'
import { filters, members, numbered, tagSpecification } from './write-tags.ts'

/** What the machines of a group start from. */
export const templateKind: Partial<Record<ResourceType, Kind>> = {
  'launch-template': {
    tag: tagEc2,
    async find(cloud, wanted, cluster) {
      const latest = { LaunchTemplateName: nameOf(wanted), 'LaunchTemplateVersion.1': '$Latest' }
      let attributes: Record<string, string>
      try {
        const answer = await cloud.query('ec2', 'DescribeLaunchTemplateVersions', latest)
        const data = child(list(answer, 'launchTemplateVersionSet')[0], 'launchTemplateData')
        attributes = {
          imageId: read(data, 'imageId'),
          instanceType: read(data, 'instanceType'),
          spotPrice: read(child(child(data, 'instanceMarketOptions'), 'spotOptions'), 'maxPrice'),
          userData: read(data, 'userData'),
          wantedImage: await findImage(cloud, text(wanted, 'imageId') ?? ''),
        }
      } catch (error) {
        if (error instanceof Refusal && error.code.startsWith('InvalidLaunchTemplateName')) return undefined
        throw error
      }
      const found = await describe(cloud, 'launch-template', filters({ 'tag:Name': nameOf(wanted) }))
      const there = found.find(({ tags }) => tags.KubernetesCluster === cluster)
      return there && { ...there, attributes }
    },
    async mend(cloud, found, wanted) {
      if (templateChanges(found, wanted).length === 0) return
      const answer = await cloud.query('ec2', 'CreateLaunchTemplateVersion', {
        LaunchTemplateName: nameOf(wanted),
        ...templateData(wanted, String(found.attributes.wantedImage)),
      })
      const version = read(child(answer, 'launchTemplateVersion'), 'versionNumber')
      const changed = { LaunchTemplateId: found.id, SetDefaultVersion: version }
      await cloud.query('ec2', 'ModifyLaunchTemplate', changed)
    },
    async make(cloud, wanted) {
      const image = await findImage(cloud, text(wanted, 'imageId') ?? '')
      const answer = await cloud.query('ec2', 'CreateLaunchTemplate', {
        LaunchTemplateName: nameOf(wanted),
        ...templateData(wanted, image),
        ...tagSpecification('launch-template', wanted.tags ?? {}),
      })
      await describe(cloud, 'launch-template', filters({ 'tag:Name': nameOf(wanted) }))
      return born(wanted, read(child(answer, 'launchTemplate'), 'launchTemplateId'))
    },
  },
}

function templateData(wanted: NewResource, image: string): Parameters {
  const data = {
    ImageId: image,
    InstanceType: text(wanted, 'instanceType'),
    UserData: text(wanted, 'userData'),
    'IamInstanceProfile.Name': text(wanted, 'profile'),
    'MetadataOptions.HttpTokens': 'required',
    'NetworkInterface.1.DeviceIndex': 0,
    ...members('NetworkInterface.1.SecurityGroupId', [text(wanted, 'securityGroup') ?? '']),
    ...spotParameters(text(wanted, 'spotPrice')),
    'TagSpecification.1.ResourceType': 'instance',
    ...numbered('TagSpecification.1.Tag', wanted.tags ?? {}),
  }
  return Object.fromEntries(
    Object.entries(data).map(([field, value]) => [`LaunchTemplateData.${field}`, value]),
  )
}

function spotParameters(price: string | undefined): Parameters {
  const options = 'InstanceMarketOptions'
  if (price === undefined) return {}
  return { [`${options}.MarketType`]: 'spot', [`${options}.SpotOptions.MaxPrice`]: price }
}

/** What of a template that is there is to be otherwise: its machines are then to be replaced. */
export function templateChanges(
  found: Found,
  wanted: NewResource,
): { field: string; is: string; wanted: string }[] {
  const { imageId, instanceType, spotPrice, userData, wantedImage } = found.attributes
  return [
    { field: 'ImageID', is: imageId, wanted: wantedImage },
    { field: 'InstanceType', is: instanceType, wanted: text(wanted, 'instanceType') },
    { field: 'SpotPrice', is: spotPrice, wanted: text(wanted, 'spotPrice') ?? '' },
    { field: 'UserData', is: userData, wanted: text(wanted, 'userData') },
  ]
    .filter(change => change.is !== change.wanted)
    .map(({ field, is, wanted: other }) => ({ field, is: String(is), wanted: String(other) }))
}
