/** Families of the Nitro system, such as t3 and m5. */
const nitro = /^(?:t[34]|[a-z]+[5-9])/

/** Whether a zone has machines of a type. The oldest zone of us-east-1, whose letter is e in most accounts, has no Nitro. */
export function isOffered(instanceType: string, zone: string): boolean {
  return zone !== 'us-east-1e' || !nitro.test(instanceType)
}
