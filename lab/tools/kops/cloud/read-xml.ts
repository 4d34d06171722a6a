import { child, children, textOf, type XmlNode } from '@meridian/lab-aws-protocol'
import type { ResourceType } from '@meridian/lab-world'

/** Something that AWS has, as its answers tell. */
export type Found = {
  type: ResourceType
  /** What requests name it by. */
  id: string
  name: string
  state?: string
  tags: Record<string, string>
  attributes: Record<string, unknown>
}

/** The items of a list in an answer of EC2 (`vpcSet`), or of another service with `member`. */
export function list(answer: XmlNode, name: string, each = 'item'): XmlNode[] {
  return children(child(answer, name), each)
}

/** The text of a child, '' where there is none. */
export const read = (node: XmlNode | undefined, name: string) => textOf(node, name) ?? ''

/** Reads `tagSet` of EC2, or `Tags` of other services. */
export function readTags(node: XmlNode | undefined): Record<string, string> {
  const ec2 = children(child(node, 'tagSet'), 'item').map(tag => [read(tag, 'key'), read(tag, 'value')])
  const others = children(child(node, 'Tags'), 'member').map(tag => [read(tag, 'Key'), read(tag, 'Value')])
  return Object.fromEntries([...ec2, ...others])
}
