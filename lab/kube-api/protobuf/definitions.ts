import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import protobuf from 'protobufjs'

export type Message = protobuf.Type

let loaded: protobuf.Root | undefined

/** The messages of Kubernetes 1.35 by their full names. `scripts/generate-kube-protos.ts` writes them. */
function definitions(): protobuf.Root {
  if (loaded) return loaded
  const root = new protobuf.Root()
  const folder = join(import.meta.dirname, 'definitions')
  for (const file of readdirSync(folder)) {
    protobuf.parse(readFileSync(join(folder, file), 'utf8'), root, { keepCase: true })
  }
  root.resolveAll()
  loaded = root
  return root
}

const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1'
const extensions: Readonly<Record<string, string>> = {
  'apiextensions.k8s.io': 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions',
  'apiregistration.k8s.io': 'k8s.io.kube_aggregator.pkg.apis.apiregistration',
}

/** The message of a kind, be it one of its group or, as DeleteOptions, of all; undefined for one that has none. */
export function findMessage(apiVersion: string, kind: string): Message | undefined {
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  const scope = extensions[group] ?? `k8s.io.api.${group.split('.')[0] || 'core'}`
  const found = definitions().lookup(`${scope}.${version}.${kind}`) ?? definitions().lookup(`${meta}.${kind}`)
  return found instanceof protobuf.Type ? found : undefined
}

/** The message that every body is wrapped in. */
export function envelopeMessage(): Message {
  return definitions().lookupType('k8s.io.apimachinery.pkg.runtime.Unknown')
}
