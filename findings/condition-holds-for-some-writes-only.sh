#!/usr/bin/env bash
# Most expect an imitation of S3 to refuse a write whose condition does not hold, or to refuse conditions that it does not know.
# Seen: s3rver, the most used one of npm, answers 200 to whatever condition: of eight that create one object if nobody has, all win.
# moto knows them for PUT and DELETE, but deletes by DeleteObjects whatever ETag it is given, copies over an object that must not be
# there, and refuses the deletion of whatever is there (`If-Match: *`); ministack lets the copy through as well. S3 itself knows all.
# Here leases and claims are kept by such conditions: the lab's S3 carries them out, and refuses where it does not.
set -euo pipefail
work=$(mktemp -d)
trap 'kill $(cat "$work"/*.pid 2>/dev/null) 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . s3rver@3.7.1 >/dev/null 2>&1
python3 -m venv moto
moto/bin/pip install --quiet --disable-pip-version-check 'moto[s3]==5.2.5' boto3==1.44.8
python3 -m venv ministack
ministack/bin/pip install --quiet --disable-pip-version-check ministack==1.5.33
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
cat > serve.cjs <<'JS'
const S3rver = require('s3rver')
new S3rver({ address: '127.0.0.1', port: Number(process.argv[2]), directory: 'objects', silent: true }).run()
JS
cat > ask.py <<'PY'
import sys
from concurrent.futures import ThreadPoolExecutor
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws
name, port = sys.argv[1:]
if name == 'moto':
    mock_aws().start()
settings = Config(s3={'addressing_style': 'path'}, retries={'total_max_attempts': 1}, request_checksum_calculation='when_required')
client = boto3.client('s3', endpoint_url=f'http://127.0.0.1:{port}' if port else None, region_name='us-east-1', aws_access_key_id='S3RVER',
                      aws_secret_access_key='S3RVER', config=settings)
client.create_bucket(Bucket='leases')
stale = '"00000000000000000000000000000000"'


def ask(operation, **parameters):
    try:
        answer = getattr(client, operation)(Bucket='leases', **parameters)
    except ClientError as error:
        return error.response['Error']['Code']
    return ' '.join(error['Code'] for error in answer.get('Errors', [])) or 'done'


def fresh():
    client.put_object(Bucket='leases', Key='lease', Body=b'held')


with ThreadPoolExecutor(8) as pool:
    race = list(pool.map(lambda _: ask('put_object', Key='race', Body=b'mine', IfNoneMatch='*'), range(8)))
print(f"{name}: created by {race.count('done')} of 8")
client.put_object(Bucket='leases', Key='other', Body=b'other')
for operation, parameters in [
    ('put_object', {'Key': 'lease', 'Body': b'new', 'IfMatch': stale}),
    ('copy_object', {'Key': 'lease', 'CopySource': 'leases/other', 'IfNoneMatch': '*'}),
    ('delete_object', {'Key': 'lease', 'IfMatch': stale}),
    ('delete_objects', {'Delete': {'Objects': [{'Key': 'lease', 'ETag': stale}]}}),
    ('delete_object', {'Key': 'lease', 'IfMatch': '*'}),
]:
    fresh()
    condition = next((f'{key} {parameters[key]}' for key in ('IfMatch', 'IfNoneMatch') if key in parameters), f'ETag {stale}')
    print(f"{name}: {operation} {condition.replace('0' * 32, 'stale')}: {ask(operation, **parameters)}")
PY
serve() {
  local name=$1 port=$2
  shift 2
  "$@" > "$name.log" 2>&1 &
  echo $! > "$name.pid"
  until (: < "/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.2; done
  moto/bin/python ask.py "$name" "$port"
}
{
  port=$(free_port)
  serve s3rver "$port" node serve.cjs "$port"
  moto/bin/python ask.py moto ''
  port=$(free_port)
  serve ministack "$port" env GATEWAY_PORT="$port" ministack/bin/ministack
} | tee seen
cat > expected <<'TEXT'
s3rver: created by 8 of 8
s3rver: put_object IfMatch "stale": done
s3rver: copy_object IfNoneMatch *: done
s3rver: delete_object IfMatch "stale": done
s3rver: delete_objects ETag "stale": done
s3rver: delete_object IfMatch *: done
moto: created by 1 of 8
moto: put_object IfMatch "stale": PreconditionFailed
moto: copy_object IfNoneMatch *: done
moto: delete_object IfMatch "stale": PreconditionFailed
moto: delete_objects ETag "stale": done
moto: delete_object IfMatch *: PreconditionFailed
ministack: created by 1 of 8
ministack: put_object IfMatch "stale": PreconditionFailed
ministack: copy_object IfNoneMatch *: done
ministack: delete_object IfMatch "stale": PreconditionFailed
ministack: delete_objects ETag "stale": PreconditionFailed
ministack: delete_object IfMatch *: done
TEXT
diff expected seen && echo 'as recorded (s3rver 3.7.1, moto 5.2.5, ministack 1.5.33)'
