import { XMLBuilder, XMLParser } from 'fast-xml-parser'

/** An XML element: text, children by name, or several of one name. */
export type XmlNode = string | { [name: string]: XmlNode | XmlNode[] | undefined }
export type XmlInput = string | number | boolean | undefined | XmlInput[] | { [name: string]: XmlInput }

// A change batch of the permitted size has thousands of quotation marks: the parser's default limits on
// entities are meant for documents with a DOCTYPE.
const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  processEntities: { enabled: true, maxTotalExpansions: 1_000_000, maxExpandedLength: 10_000_000 },
})
const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  suppressEmptyNode: false,
})

/** Parses a document and returns the children of its root; throws on what is not XML. */
export function parseXml(text: string): XmlNode {
  const document = parser.parse(text, true) as Record<string, XmlNode>
  const root = Object.entries(document).find(([name]) => name !== '#text')
  return root?.[1] ?? ''
}

/** Writes a document; keys that begin with `@` are attributes. */
export function buildXml(document: Record<string, XmlInput>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(document)}`
}

/** The first child of a name; undefined below a text or nothing. */
export function child(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return children(node, name)[0]
}

/** All children of a name, in order; none below a text or nothing. */
export function children(node: XmlNode | undefined, name: string): XmlNode[] {
  if (node === undefined || typeof node === 'string') return []
  const found = node[name]
  if (found === undefined) return []
  return Array.isArray(found) ? found : [found]
}

/** Text of a child element; undefined when it is absent, '' when it is empty. */
export function textOf(node: XmlNode | undefined, name: string): string | undefined {
  const found = child(node, name)
  if (found === undefined) return undefined
  if (typeof found === 'string') return found
  return typeof found['#text'] === 'string' ? found['#text'] : ''
}
