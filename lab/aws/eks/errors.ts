import { AwsError } from '@meridian/lab-aws-protocol'

/** Refusals of EKS in its own words. */
export const noCluster = (name: string): AwsError =>
  new AwsError(404, 'ResourceNotFoundException', `No cluster found for name: ${name}.`)

export const noUpdate = (id: string): AwsError =>
  new AwsError(404, 'ResourceNotFoundException', `No update found for ID: ${id}`)

export const noNodegroup = (name: string): AwsError =>
  new AwsError(404, 'ResourceNotFoundException', `No node group found for name: ${name}.`)

export const noEntry = (principalArn: string): AwsError =>
  new AwsError(
    404,
    'ResourceNotFoundException',
    `The specified principalArn could not be found. You specified: ${principalArn}`,
  )

export const entryExists = (): AwsError =>
  new AwsError(
    409,
    'ResourceInUseException',
    'The specified access entry resource is already in use on this cluster.',
  )

export const noEntriesHere = (): AwsError =>
  new AwsError(
    400,
    'InvalidRequestException',
    "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
  )

export const badParameter = (words: string): AwsError => new AwsError(400, 'InvalidParameterException', words)
