import type { KubeObject, Schema } from '@meridian/lab-kube-api'
import type { Fields } from '@meridian/lab-world/json'
import recorded from './karmada-1.18.json' with { type: 'json' }

type Definition = KubeObject & {
  spec: {
    names: { kind: string }
    versions: { storage: boolean; schema: { openAPIV3Schema: Schema } }[]
  }
}
type Configuration = KubeObject & { webhooks: { clientConfig: { url: string } }[] }
type Recorded = { cluster: Schema; definitions: Definition[]; webhooks: Configuration[] }

const { cluster, definitions, webhooks } = recorded as unknown as Recorded

/** What Karmada 1.18 says that objects of one of its kinds may hold. */
export function karmadaSchema(kind: string): Schema {
  if (kind === 'Cluster') return cluster
  const definition = definitions.find(({ spec }) => spec.names.kind === kind)
  const stored = definition?.spec.versions.find(version => version.storage)
  if (!stored) throw new Error(`Karmada's ${kind} has not been recorded`)
  return stored.schema.openAPIV3Schema
}

/** The definitions of Karmada's kinds, all but Cluster, as a release ships them. */
export const karmadaDefinitions: readonly KubeObject[] = definitions

/** The webhooks of karmada-webhook at an address (`https://host:port`) that the authority (base64) vouches for. */
export function karmadaWebhooks(address: string, caBundle: string): KubeObject[] {
  return webhooks.map(configuration => ({
    ...configuration,
    webhooks: configuration.webhooks.map((webhook): Fields => {
      const { url } = webhook.clientConfig
      return { ...webhook, clientConfig: { url: `${address}${url}`, caBundle } }
    }),
  }))
}
