#!/usr/bin/env bash
# Most expect a line of ~/.aws/config to mean the same to the SDKs for JavaScript, Python (the aws CLI) and Go (kops, terraform).
# Seen: `region = eu-west-1 # home` is a region with a comment in it to Python; `Region =` and `region:` are none to JavaScript;
# a credential_process with `$VARIABLE`, a pipe or `~` is run by a shell in JavaScript and Go, and without one in Python.
# Here a run uses the first and the last of them: regions are inputs, and never read from that file.
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
	fmt.Printf("Go %s in '%s'", found.AccessKeyID, settings.Region)
}
GO
go mod init example.com/ask >/dev/null 2>&1
go get github.com/aws/aws-sdk-go-v2/config@v1.33.18 >/dev/null 2>&1
go build -o ask .
cat > ask.mjs <<'JS'
import { STSClient } from '@aws-sdk/client-sts'
const { config } = new STSClient({})
const key = await config.credentials().then(({ accessKeyId }) => accessKeyId, () => 'nothing')
process.stdout.write(`JavaScript ${key} in '${await config.region().catch(() => '')}'`)
JS
cat > ask.py <<'PY'
import botocore.session
session = botocore.session.get_session()
found = session.get_credentials()
print(f"Python {found.access_key if found else 'nothing'} in '{session.get_config_variable('region')}'", end='')
PY
cat > config <<'INI'
[profile comment]
region = eu-west-1 # home
[profile capital]
Region = eu-west-1
[profile colon]
region: eu-west-1
[profile process]
region = eu-west-1
credential_process = echo '{"Version":1,"AccessKeyId":"WHO","SecretAccessKey":"x"}' | sed s/WHO/$WHO/
INI
touch credentials
for profile in comment capital colon process; do
  ask() {
    env -i PATH="$PATH" AWS_CONFIG_FILE=config AWS_SHARED_CREDENTIALS_FILE=credentials AWS_EC2_METADATA_DISABLED=true \
      AWS_PROFILE=$profile WHO=me "$@" 2>/dev/null || printf 'Python fails'
  }
  echo "$profile: $(ask node ask.mjs), $(ask venv/bin/python ask.py), $(ask ./ask)"
done | tee seen
cat > expected <<'TXT'
comment: JavaScript nothing in 'eu-west-1', Python nothing in 'eu-west-1 # home', Go nothing in 'eu-west-1'
capital: JavaScript nothing in '', Python nothing in 'eu-west-1', Go nothing in 'eu-west-1'
colon: JavaScript nothing in '', Python nothing in 'eu-west-1', Go nothing in 'eu-west-1'
process: JavaScript me in 'eu-west-1', Python fails, Go me in 'eu-west-1'
TXT
diff expected seen && echo 'as recorded (@aws-sdk/client-sts 3.1177.0, botocore 1.44.8, aws-sdk-go-v2/config 1.33.18)'
