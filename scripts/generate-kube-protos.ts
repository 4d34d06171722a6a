// Writes the messages of Kubernetes' API for the lab's API servers, from the Go modules that publish them:
//   go mod download k8s.io/{api,apimachinery,apiextensions-apiserver,kube-aggregator}@v0.35.7
//   node scripts/generate-kube-protos.ts v0.35.7 "$(go env GOMODCACHE)"
// Names, numbers and types are those of their generated.proto files. What these do not say stands in the tags of the Go
// types: `optional` is a field whose zero is a value (a pointer, or one that JSON always shows), json_name is its name
// in JSON, (inline) says that JSON knows no such object but only its fields, (bare) that a message stands for the list in it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './action-files.ts'

type Tag = { inline: boolean; json: string; shown: boolean }

const [version, cache] = process.argv.slice(2)
if (!version || !cache) throw new Error('usage: generate-kube-protos.ts <version> <module cache>')
const target = join(repository, 'lab/kube-api/protobuf/definitions')
const groups =
  'admissionregistration apps authentication authorization autoscaling batch certificates coordination core discovery events networking policy rbac scheduling storage'
const sources = [
  ...groups.split(' ').map(group => `api/${group}/v1`),
  'api/autoscaling/v2',
  'apimachinery/pkg/api/resource',
  'apimachinery/pkg/apis/meta/v1',
  'apimachinery/pkg/runtime',
  'apimachinery/pkg/util/intstr',
  'apiextensions-apiserver/pkg/apis/apiextensions/v1',
  'kube-aggregator/pkg/apis/apiregistration/v1',
]

mkdirSync(target, { recursive: true })
for (const source of sources) {
  const [module = '', ...path] = source.split('/')
  const folder = join(cache, `k8s.io/${module}@${version}`, ...path)
  const text = render(readFileSync(join(folder, 'generated.proto'), 'utf8'), readTags(folder))
  const origin = `// From k8s.io/${source}/generated.proto ${version} and the types beside it (Apache-2.0).\n`
  writeFileSync(join(target, `${source.replaceAll('/', '.')}.proto`), origin + text)
}

/** The tags of all fields that have a number, as `Type.number`; a type that is a list, as `Type`. */
function readTags(folder: string): Map<string, Tag | 'list'> {
  const tags = new Map<string, Tag | 'list'>()
  for (const file of readdirSync(folder).filter(
    name => name.endsWith('.go') && existsSync(join(folder, name)),
  )) {
    let type = ''
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const list = /^type (\w+) \[\]/.exec(line)?.[1]
      if (list) tags.set(list, 'list')
      type = /^type (\w+) struct/.exec(line)?.[1] ?? type
      const field =
        /^\s+(?:\w+\s+)?(\*?)[\w.[\]*]+\s+`(?:json:"([^",]*)([^"]*)" )?.*protobuf:"\w+,(\d+)/.exec(line)
      if (!field) continue
      const [, pointer, json = '', flags = '', number] = field
      const shown = pointer === '*' || !/omitempty|omitzero/.test(flags)
      tags.set(`${type}.${number}`, { inline: flags.includes('inline'), json, shown })
    }
  }
  return tags
}

function render(proto: string, tags: ReadonlyMap<string, Tag | 'list'>): string {
  let message = ''
  const lines = proto
    .replaceAll(/\/\*.*?\*\//gs, '')
    .split('\n')
    .flatMap(line => {
      message = /^message (\w+)/.exec(line)?.[1] ?? message
      const [, label, type = '', name = '', number = ''] =
        /^ {2}(optional|repeated)? ?([\w.]+|map<.*>) (\w+) = (\d+);/.exec(line) ?? []
      if (number) return `  ${renderField(message, { label, type, name, number }, tags)}`
      if (/^(message|\}|package)/.test(line)) return line.replace(/^message/, '\nmessage')
      return []
    })
  return `syntax = "proto3";\n${lines.join('\n')}\n`
}

function renderField(
  message: string,
  { label, type, name, number }: { label: string | undefined; type: string; name: string; number: string },
  tags: ReadonlyMap<string, Tag | 'list'>,
): string {
  const tag = tags.get(`${message}.${number}`)
  const { inline, json, shown } = typeof tag === 'object' ? tag : { inline: false, json: '', shown: false }
  const options = [
    ...(inline ? ['(inline) = true'] : []),
    ...(tags.get(message) === 'list' ? ['(bare) = true'] : []),
    ...(json && json !== '-' && json !== name ? [`json_name = ${JSON.stringify(json)}`] : []),
  ]
  const kept =
    label === 'repeated' ? 'repeated ' : label === 'optional' && shown && !inline ? 'optional ' : ''
  return `${kept}${type} ${name} = ${number}${options.length > 0 ? ` [${options.join(', ')}]` : ''};`
}
