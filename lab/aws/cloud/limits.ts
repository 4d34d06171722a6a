import { type NewResource, textAttribute, type World } from '../../world/index.ts'
import { AwsError } from '../protocol/aws-error.ts'

/** Refuses what the account or the region cannot give; throws AWS's words, or kops' own where AWS only lists nothing. */
export function checkLimits(world: World, { type, attributes = {} }: NewResource): void {
  if (type === 'vpc' && world.faults.active('vpc-quota')) {
    const details = { call: 'ec2:CreateVpc' }
    throw new AwsError(400, 'VpcLimitExceeded', 'The maximum number of VPCs has been reached.', { details })
  }
  if (type === 'launch-template' && world.faults.active('no-image')) {
    const image = textAttribute({ attributes }, 'imageId') ?? ''
    throw new AwsError(400, '', `could not find Image for ${JSON.stringify(image)}`)
  }
}
