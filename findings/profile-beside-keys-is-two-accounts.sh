#!/usr/bin/env bash
# Most expect one environment to mean one account and one region to every AWS program of a job.
# Seen: with AWS_PROFILE beside AWS_ACCESS_KEY_ID the SDK for JavaScript takes the profile, those for Python (aws) and Go (kops)
# the keys; with AWS_PROFILE beside AWS_DEFAULT_PROFILE Python takes the other one; AWS_DEFAULT_REGION is read by two of three.
# Here an action would check one account and its kops build in another: such an environment is refused before anything is done.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . @aws-sdk/client-sts@3.1177.0 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check botocore==1.44.8
export GOFLAGS=-mod=mod
cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/config"
)

func main() {
	settings, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	found, err := settings.Credentials.Retrieve(context.Background())
	if err != nil {
		found.AccessKeyID = "nothing"
	}
	fmt.Printf("Go %s in %s", found.AccessKeyID, settings.Region)
}
GO
go mod init example.com/ask >/dev/null 2>&1
go get github.com/aws/aws-sdk-go-v2/config@v1.33.18 >/dev/null 2>&1
go build -o ask .
cat > ask.mjs <<'JS'
import { STSClient } from '@aws-sdk/client-sts'
const { config } = new STSClient({})
const key = await config.credentials().then(({ accessKeyId }) => accessKeyId, () => 'nothing')
process.stdout.write(`JavaScript ${key} in ${await config.region()}`)
JS
cat > ask.py <<'PY'
import botocore.session
session = botocore.session.get_session()
found = session.get_credentials()
print(f"Python {found.access_key if found else 'nothing'} in {session.get_config_variable('region')}", end='')
PY
for profile in default:home one:eu-west-1 two:us-west-2; do
  name=${profile%:*}
  printf '[%s]\nregion = %s\n' "$([ "$name" = default ] || echo 'profile ')$name" "${profile#*:}"
  [ "$name" = default ] || printf 'aws_access_key_id = OF-%s\naws_secret_access_key = secret\n' "${name^^}"
done > config
touch credentials
while read -r variables; do
  read -ra given <<<"${variables/KEYS/AWS_ACCESS_KEY_ID=ENVIRONMENT AWS_SECRET_ACCESS_KEY=secret}"
  ask() {
    env -i PATH="$PATH" AWS_CONFIG_FILE=config AWS_SHARED_CREDENTIALS_FILE=credentials AWS_EC2_METADATA_DISABLED=true \
      "${given[@]}" "$@" 2>/dev/null
  }
  echo "$variables: $(ask node ask.mjs), $(ask venv/bin/python ask.py), $(ask ./ask)"
done <<'TXT' | tee seen
AWS_PROFILE=one KEYS
AWS_DEFAULT_PROFILE=one KEYS
AWS_DEFAULT_PROFILE=one
AWS_PROFILE=one AWS_DEFAULT_PROFILE=two
AWS_REGION=r1 AWS_DEFAULT_REGION=r2 KEYS
AWS_DEFAULT_REGION=r2 KEYS
TXT
cat > expected <<'TXT'
AWS_PROFILE=one KEYS: JavaScript OF-ONE in eu-west-1, Python ENVIRONMENT in eu-west-1, Go ENVIRONMENT in eu-west-1
AWS_DEFAULT_PROFILE=one KEYS: JavaScript ENVIRONMENT in home, Python ENVIRONMENT in eu-west-1, Go ENVIRONMENT in eu-west-1
AWS_DEFAULT_PROFILE=one: JavaScript nothing in home, Python OF-ONE in eu-west-1, Go OF-ONE in eu-west-1
AWS_PROFILE=one AWS_DEFAULT_PROFILE=two: JavaScript OF-ONE in eu-west-1, Python OF-TWO in us-west-2, Go OF-ONE in eu-west-1
AWS_REGION=r1 AWS_DEFAULT_REGION=r2 KEYS: JavaScript ENVIRONMENT in r1, Python ENVIRONMENT in r2, Go ENVIRONMENT in r1
AWS_DEFAULT_REGION=r2 KEYS: JavaScript ENVIRONMENT in home, Python ENVIRONMENT in r2, Go ENVIRONMENT in r2
TXT
diff expected seen && echo 'as recorded (@aws-sdk/client-sts 3.1177.0, botocore 1.44.8, aws-sdk-go-v2/config 1.33.18)'
