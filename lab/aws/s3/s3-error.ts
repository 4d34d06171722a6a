import { type AwsAnswer, AwsError, buildXml } from '@meridian/lab-aws-protocol'

/** An error in S3's form, which is `<Error>` without an envelope. */
export function writeS3Error(error: AwsError): AwsAnswer {
  const document = {
    Code: error.code,
    Message: error.message,
    ...error.details,
    RequestId: crypto.randomUUID(),
  }
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml', ...error.headers },
    body: buildXml({ Error: document }),
  }
}

/** 404, as of a bucket of which the name is free. */
export function noSuchBucket(bucket: string): AwsError {
  return new AwsError(404, 'NoSuchBucket', 'The specified bucket does not exist', {
    details: { BucketName: bucket },
  })
}

/** 404; `headers` tell of a delete marker that lies on top. */
export function noSuchKey(key: string, headers: Record<string, string> = {}): AwsError {
  return new AwsError(404, 'NoSuchKey', 'The specified key does not exist.', {
    details: { Key: key },
    headers,
  })
}

/** 412, with the condition that did not hold. */
export function preconditionFailed(condition: string): AwsError {
  return new AwsError(
    412,
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    {
      details: { Condition: condition },
    },
  )
}

/** 400, for a body that S3 cannot read. */
export function malformedXml(): AwsError {
  return new AwsError(
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  )
}
