import type { World } from '../../world/index.ts'
import { createJsonService } from '../json/service.ts'
import type { Service } from '../service.ts'
import { getResources } from './get-resources.ts'

/** The Resource Groups Tagging API. */
export function createTagging(world: World): Service {
  return createJsonService('tagging', '1.1', {
    GetResources: (body, request) => getResources(world, request, body),
  })
}
