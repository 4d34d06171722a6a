import { installKarmada, type Universe, writeWebhookCertificate } from '@meridian/lab-universe'

const zones = { usa: 'us-east-1a', eur: 'eu-west-1a', jpn: 'ap-northeast-1a' }

/**
 * Makes the clusters of the story and, on the first, a control plane without anybody who runs it; no cluster is a
 * member yet. Answers with what its programs need to know besides.
 */
export async function makeBareFederation(
  universe: Universe,
  webhookPort: number,
): Promise<Record<string, string>> {
  const { domain, clusters, directory } = universe
  await Promise.all(
    Object.entries(zones).map(([alias, zone]) => universe.addCluster(`${alias}.${domain}`, { zone })),
  )
  const host = clusters.clusters().find(({ spec }) => spec.name === `usa.${domain}`)
  if (!host) throw new Error('the host cluster does not serve')
  await installKarmada(universe, host, webhookPort)
  return { KARMADA_WEBHOOK_CERTIFICATES: await writeWebhookCertificate(host, directory) }
}
