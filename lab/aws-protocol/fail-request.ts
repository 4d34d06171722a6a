import type { Failure } from '@meridian/lab-world'
import { AwsError } from './aws-error.ts'
import type { AwsAnswer } from './aws-request.ts'

type Words = [status: number, code: string, message: string]

const throttled: Record<string, Words> = {
  eks: [429, 'ThrottlingException', 'Rate exceeded'],
  ec2: [503, 'RequestLimitExceeded', 'Request limit exceeded.'],
  s3: [503, 'SlowDown', 'Please reduce your request rate.'],
  tagging: [400, 'ThrottlingException', 'Rate exceeded'],
}
const broken: Record<string, Words> = {
  eks: [500, 'ServerException', 'An internal error has occurred'],
  ec2: [500, 'InternalError', 'An internal error has occurred'],
  s3: [500, 'InternalError', 'We encountered an internal error. Please try again.'],
}
const busy: Record<string, Words> = {
  route53: [
    400,
    'PriorRequestNotComplete',
    'The request was rejected because Route 53 was still processing a prior request.',
  ],
  s3: [
    409,
    'OperationAborted',
    'A conflicting conditional operation is currently in progress against this resource. Please try again.',
  ],
}
const unavailable: Record<string, Words> = {
  eks: [503, 'ServiceUnavailableException', 'Service is unavailable'],
  s3: [503, 'ServiceUnavailable', 'Please reduce your request rate.'],
}
const denied: Record<string, Words> = {
  eks: [403, 'AccessDeniedException', 'User is not authorized to perform: eks:DescribeCluster'],
  ec2: [403, 'UnauthorizedOperation', 'You are not authorized to perform this operation.'],
  s3: [403, 'AccessDenied', 'Access Denied'],
  tagging: [400, 'AccessDeniedException', 'User is not authorized to perform: tag:GetResources'],
}
const expired: Record<string, Words> = {
  eks: [403, 'ExpiredTokenException', 'The security token included in the request is expired'],
  ec2: [400, 'RequestExpired', 'Request has expired.'],
  s3: [400, 'ExpiredToken', 'The provided token has expired.'],
  tagging: [400, 'ExpiredTokenException', 'The security token included in the request is expired'],
}
const plainDenied: Words = [403, 'AccessDenied', 'User: arn:aws:iam::111122223333:user/lab is not authorized']
const plainExpired: Words = [403, 'ExpiredToken', 'The security token included in the request is expired']
const plainThrottled: Words = [400, 'Throttling', 'Rate exceeded']
const plainBroken: Words = [500, 'InternalFailure', 'We encountered an internal error. Please try again.']
const plainUnavailable: Words = [503, 'ServiceUnavailable', 'Service is unavailable. Please try again later.']

/** The refusal that a failure of the world means in a service's own words; undefined where it is none. */
export function refusalOf(service: string, failure: Failure | undefined): AwsError | undefined {
  const words = findWords(service, failure)
  return words && new AwsError(...words)
}

/** A service that is never busy is unavailable instead. */
function findWords(service: string, failure: Failure | undefined): Words | undefined {
  switch (failure) {
    case 'throttle':
      return throttled[service] ?? plainThrottled
    case 'error':
      return broken[service] ?? plainBroken
    case 'busy':
      return busy[service] ?? plainUnavailable
    case 'unavailable':
      return unavailable[service] ?? plainUnavailable
    case 'denied':
      return denied[service] ?? plainDenied
    case 'expired':
      return expired[service] ?? plainExpired
    default:
      return undefined
  }
}

const page = (title: string) =>
  `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`
const html = { 'content-type': 'text/html' }

const proxyAnswers: Partial<Record<Failure, AwsAnswer>> = {
  gateway: { status: 502, headers: html, body: page('502 Bad Gateway') },
  'proxy-404': { status: 404, headers: html, body: page('404 Not Found') },
  'proxy-page': { status: 200, headers: html, body: page('Sign in to continue') },
  'empty-200': { status: 200, headers: html, body: '' },
}

/** What something in between answers for a service that it does not reach; undefined where a failure is none of it. */
export function proxyAnswer(failure: Failure | undefined): AwsAnswer | undefined {
  return failure && proxyAnswers[failure]
}

/** Whether a request that fails so reaches its service at all. */
export function isCarriedOut(failure: Failure | undefined): boolean {
  return failure !== 'reset-before' && failure !== 'hang'
}
