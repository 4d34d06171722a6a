import { AwsError } from '@meridian/lab-aws-protocol'

/** Refusals of EKS in its own words. */
export const noCluster = (name: string): AwsError =>
  new AwsError(404, 'ResourceNotFoundException', `No cluster found for name: ${name}.`)

/** 404, of an update that is not there. */
export const noUpdate = (id: string): AwsError =>
  new AwsError(404, 'ResourceNotFoundException', `No update found for ID: ${id}`)

/** 404, of a node group that is not there. */
export const noNodegroup = (name: string): AwsError =>
  new AwsError(404, 'ResourceNotFoundException', `No node group found for name: ${name}.`)

/** 404, of an access entry that is not there. */
export const noEntry = (principalArn: string): AwsError =>
  new AwsError(
    404,
    'ResourceNotFoundException',
    `The specified principalArn could not be found. You specified: ${principalArn}`,
  )

/** 409: a principal has one entry in a cluster. */
export const entryExists = (): AwsError =>
  new AwsError(
    409,
    'ResourceInUseException',
    'The specified access entry resource is already in use on this cluster.',
  )

/** 400: a cluster whose mode is CONFIG_MAP has no access entries. */
export const noEntriesHere = (): AwsError =>
  new AwsError(
    400,
    'InvalidRequestException',
    "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
  )

/** 400, for a value that the service's model allows and EKS does not. */
export const badParameter = (words: string): AwsError => new AwsError(400, 'InvalidParameterException', words)
