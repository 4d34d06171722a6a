import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api'
import { type Aws, explainRefusals } from '@meridian/aws'

export type TaggedResource = {
  readonly arn: string
  /** `ec2:instance`, `elasticloadbalancing:loadbalancer`, `s3`, … */
  readonly type: string
  readonly id: string
  readonly region: string
  readonly tags: Readonly<Record<string, string>>
}

/**
 * Everything in a region (of the given types, such as `s3`) that carries all the given tags (`undefined` as a value: any
 * value), by the tagging API.
 * It does not know auto scaling groups, launch templates, DHCP options, IAM objects and EventBridge rules, and
 * goes on listing terminated instances for about an hour.
 */
export async function taggedResources(
  aws: Aws,
  region: string,
  tags: Readonly<Record<string, string | undefined>>,
  types: readonly string[] = [],
): Promise<TaggedResource[]> {
  const client = explainRefusals('tag', new ResourceGroupsTaggingAPIClient(aws.settings(region)))
  const TagFilters = Object.entries(tags).map(([Key, value]) => ({
    Key,
    ...(value !== undefined && { Values: [value] }),
  }))
  const found: TaggedResource[] = []
  let PaginationToken: string | undefined
  do {
    const page = await client.send(
      new GetResourcesCommand({
        TagFilters,
        PaginationToken,
        ResourcesPerPage: 100,
        ...(types.length > 0 && { ResourceTypeFilters: [...types] }),
      }),
    )
    for (const { ResourceARN: arn = '', Tags = [] } of page.ResourceTagMappingList ?? []) {
      found.push({
        arn,
        ...readArn(arn),
        region,
        tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
      })
    }
    PaginationToken = page.PaginationToken || undefined
  } while (PaginationToken !== undefined)
  return found
}

/** The type and the id in an ARN: `arn:aws:ec2:r:a:instance/i-1` is `ec2:instance`, `i-1`. */
export function readArn(arn: string): { type: string; id: string } {
  const [, , service = '', , , ...rest] = arn.split(':')
  const resource = rest.join(':')
  const cut = resource.search(/[/:]/)
  if (cut < 0) return { type: service, id: resource }
  return { type: `${service}:${resource.slice(0, cut)}`, id: resource.slice(cut + 1) }
}
