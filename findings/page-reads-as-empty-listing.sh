#!/usr/bin/env bash
# Most expect that an SDK which is answered with a proxy's HTML page, or with nothing at all, under status 200 says so.
# Seen: the JavaScript clients (S3, Route 53, STS) and botocore return a success without any item, which reads as "nothing
# is there"; the same page is an error or an empty list from one service, SDK and kind of emptiness to the next.
# Here an empty listing would let a state be taken for lost: each answer has to bear AWS's request id, and name its bucket.
set -euo pipefail
cd "$(mktemp -d)"
npm install --silent --no-audit --no-fund --prefix . @aws-sdk/client-s3@3.1173.0 @aws-sdk/client-route-53@3.1169.0 \
  @aws-sdk/client-sts@3.1173.0 @aws-sdk/client-resource-groups-tagging-api@3.1142.0 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check boto3==1.44.8 botocore==1.44.8

cat > server.mjs <<'JS'
import { createServer } from 'node:http'
const pages = { page: '<!DOCTYPE html><html><body>Sign in to the network</body></html>', nothing: '' }
createServer((request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'text/html' }).end(pages[process.argv[2]])
}).listen(0, '127.0.0.1', function () {
  console.log(this.address().port)
})
JS
cat > ask.mjs <<'JS'
import { ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53'
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
const settings = {
  endpoint: `http://127.0.0.1:${process.argv[2]}`,
  region: 'us-east-1',
  forcePathStyle: true,
  maxAttempts: 1,
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
}
const asked = [
  [new S3Client(settings), new ListObjectsV2Command({ Bucket: 'bucket' })],
  [new S3Client(settings), new ListBucketsCommand({})],
  [new Route53Client(settings), new ListResourceRecordSetsCommand({ HostedZoneId: 'Z1' })],
  [new STSClient(settings), new GetCallerIdentityCommand({})],
  [new ResourceGroupsTaggingAPIClient(settings), new GetResourcesCommand({})],
]
for (const [client, command] of asked) {
  const said = await client.send(command).then(
    ({ $metadata, ...rest }) => `success ${JSON.stringify(rest)}`,
    error => `error ${error.name}`,
  )
  console.log(`js ${command.constructor.name.replace('Command', '')}: ${said}`)
}
JS
cat > ask.py <<'PY'
import sys, boto3
from botocore.config import Config
settings = dict(endpoint_url=f'http://127.0.0.1:{sys.argv[1]}', region_name='us-east-1', aws_access_key_id='AKIDEXAMPLE',
                aws_secret_access_key='secret', config=Config(retries={'max_attempts': 0}))
for service, operation, given in (('s3', 'list_objects_v2', {'Bucket': 'bucket'}), ('route53', 'list_hosted_zones', {}),
                                  ('ec2', 'describe_vpcs', {}), ('resourcegroupstaggingapi', 'get_resources', {}),
                                  ('autoscaling', 'describe_auto_scaling_groups', {}), ('sts', 'get_caller_identity', {})):
    try:
        answer = getattr(boto3.client(service, **settings), operation)(**given)
        answer.pop('ResponseMetadata')
        print(f'py {service} {operation}: success {answer}')
    except Exception as error:
        print(f'py {service} {operation}: error {type(error).__name__}')
PY
for kind in page nothing; do
  node server.mjs "$kind" > port & server=$!
  until [ -s port ]; do sleep 0.1; done
  { node ask.mjs "$(cat port)" 2>/dev/null; venv/bin/python ask.py "$(cat port)"; } | sed "s/^/$kind: /"
  kill "$server"; wait "$server" 2>/dev/null || true; : > port
done | tee seen
cat > expected <<'TEXT'
page: js ListObjectsV2: success {}
page: js ListBuckets: success {}
page: js ListResourceRecordSets: success {}
page: js GetCallerIdentity: success {}
page: js GetResources: error SyntaxError
page: py s3 list_objects_v2: success {}
page: py route53 list_hosted_zones: success {}
page: py ec2 describe_vpcs: success {}
page: py resourcegroupstaggingapi get_resources: success {}
page: py autoscaling describe_auto_scaling_groups: error KeyError
page: py sts get_caller_identity: error KeyError
nothing: js ListObjectsV2: success {}
nothing: js ListBuckets: success {}
nothing: js ListResourceRecordSets: success {}
nothing: js GetCallerIdentity: success {}
nothing: js GetResources: success {}
nothing: py s3 list_objects_v2: success {}
nothing: py route53 list_hosted_zones: success {}
nothing: py ec2 describe_vpcs: error ResponseParserError
nothing: py resourcegroupstaggingapi get_resources: success {}
nothing: py autoscaling describe_auto_scaling_groups: error ResponseParserError
nothing: py sts get_caller_identity: error ResponseParserError
TEXT
diff expected seen && echo "as recorded (AWS SDK for JavaScript 3.1173.0, boto3 1.44.8)"
