import type { Service } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import { createJsonService } from '../json/service.ts'
import { getResources } from './get-resources.ts'

/** The Resource Groups Tagging API. */
export function createTagging(world: World): Service {
  return createJsonService('tagging', '1.1', {
    GetResources: (body, request) => getResources(world, request, body),
  })
}
