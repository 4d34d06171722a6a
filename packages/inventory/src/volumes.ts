import { type Aws, filterParameters, itemsOf, queryEc2, textOf } from '@meridian/aws'

export type Volume = { readonly id: string; readonly gigabytes: number }

/** The volumes of a region that match EC2 filters such as `{ 'tag:KubernetesCluster': ['usa.k8s.example.com'] }`. */
export async function volumes(
  aws: Aws,
  region: string,
  filters: Record<string, readonly string[]>,
): Promise<Volume[]> {
  const answers = await queryEc2(aws, region, 'DescribeVolumes', filterParameters(filters))
  return answers
    .flatMap(answer => itemsOf(answer.volumeSet))
    .map(volume => ({ id: textOf(volume, 'volumeId'), gigabytes: Number(textOf(volume, 'size')) }))
}
