#!/usr/bin/env bash
# Most expect the signers of npm to find region and service in the host of an AWS endpoint, which both say they do.
# Seen: both sign for us-east-1 and a service without a name at a dual-stack endpoint (`api.aws`) and in the European Sovereign Cloud
# (`amazonaws.eu`), and for us-east-1 at China's Route 53; aws4 also for a service `sts-fips` and a region `us-gov`.
# Neither says a word: AWS's answer is a refused signature. Here region and service are always given to the signer.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 aws4@1.13.2 aws4fetch@1.0.20 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check botocore==1.43.52
cat > hosts.py <<'PY'
import botocore.config
import botocore.session
session = botocore.session.get_session()
def show(service, region, signed, **options):
    client = session.create_client(service, region, aws_access_key_id='a', aws_secret_access_key='b', config=botocore.config.Config(**options))
    print(client.meta.endpoint_url.removeprefix('https://'), signed)
show('ec2', 'eu-west-1', 'eu-west-1/ec2', use_dualstack_endpoint=True)
show('sts', 'us-east-2', 'us-east-2/sts', use_fips_endpoint=True)
show('sts', 'eusc-de-east-1', 'eusc-de-east-1/sts')
show('route53', 'cn-north-1', 'cn-northwest-1/route53')
show('route53', 'us-gov-west-1', 'us-gov-west-1/route53')
PY
venv/bin/python hosts.py > hosts
cat > sign.mjs <<'JS'
import { readFileSync } from 'node:fs'
import aws4 from 'aws4'
import { AwsV4Signer } from 'aws4fetch'
const scope = header => header.match(/Credential=a\/\d+\/(.*?)\/aws4_request/)[1]
for (const line of readFileSync('hosts', 'utf8').trim().split('\n')) {
  const [host, right] = line.split(' ')
  const own = aws4.sign({ host, path: '/' }, { accessKeyId: 'a', secretAccessKey: 'b' })
  const other = await new AwsV4Signer({ url: `https://${host}/`, accessKeyId: 'a', secretAccessKey: 'b' }).sign()
  console.log(`${host}: ${right}; aws4 ${scope(own.headers.Authorization)}, aws4fetch ${scope(other.headers.get('authorization'))}`)
}
JS
node_modules/.bin/node sign.mjs | tee seen
cat > expected <<'TEXT'
ec2.eu-west-1.api.aws: eu-west-1/ec2; aws4 us-east-1/, aws4fetch us-east-1/
sts-fips.us-east-2.amazonaws.com: us-east-2/sts; aws4 us-east-2/sts-fips, aws4fetch us-east-2/sts
sts.eusc-de-east-1.amazonaws.eu: eusc-de-east-1/sts; aws4 us-east-1/, aws4fetch us-east-1/
route53.amazonaws.com.cn: cn-northwest-1/route53; aws4 us-east-1/route53, aws4fetch us-east-1/route53
route53.us-gov.amazonaws.com: us-gov-west-1/route53; aws4 us-gov/route53, aws4fetch us-gov-west-1/route53
TEXT
diff expected seen && echo 'as recorded (aws4 1.13.2, aws4fetch 1.0.20, hosts of botocore 1.43.52)'
