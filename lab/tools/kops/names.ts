/**
 * A name of at most 32 characters for load balancers and target groups, with kops' rule: dots become dashes,
 * the text is cut, and a short FNV-1a hash of the whole is always appended.
 */
export function shortName(prefix: string, cluster: string): string {
  const whole = `${prefix}-${cluster.replaceAll('.', '-')}`
  return `${whole.slice(0, 25)}-${hashText(whole)}`
}

function hashText(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return base32(hash).slice(0, 6)
}

// Five bits a letter from the most significant end, as RFC 4648 does with the four bytes of the hash.
function base32(value: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567'
  const bits = value.toString(2).padStart(32, '0').padEnd(35, '0')
  return (bits.match(/.{5}/g) ?? []).map(group => letters.charAt(Number.parseInt(group, 2))).join('')
}
