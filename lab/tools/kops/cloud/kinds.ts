import type { NewResource, ResourceType } from '@meridian/lab-world'
import { ec2Kinds } from './ec2-kinds.ts'
import { elbKinds } from './elb-kinds.ts'
import { eventKinds } from './event-kinds.ts'
import { groupKinds } from './group-kinds.ts'
import { iamKinds } from './iam-kinds.ts'
import type { Kind } from './kind.ts'
import { natKinds } from './nat-kinds.ts'
import { templateKind } from './template-kind.ts'

const kinds: Partial<Record<ResourceType, Kind>> = {
  ...ec2Kinds,
  ...elbKinds,
  ...eventKinds,
  ...groupKinds,
  ...iamKinds,
  ...natKinds,
  ...templateKind,
}

/** How kops deals with a thing of that type; throws for a type that it does not make. */
export function kindOf({ type }: Pick<NewResource, 'type'>): Kind {
  const kind = kinds[type]
  if (!kind) throw new Error(`kops makes no ${type}`)
  return kind
}
