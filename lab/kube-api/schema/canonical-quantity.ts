const form = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([eE][-+]?[0-9]+|[numkMGTPE]|[KMGTPE]i|)$/
const unreadableSuffix = /^[+-]?[0-9]*(?:\.[0-9]*)?[eEinumkKMGTP]*[-+]?[0-9]*$/
const decimal = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
/** No quantity is finer than a billionth. */
const finest = -9
const nano = 10n ** 9n
/** What Kubernetes reads without the help of large numbers. */
const mostDigits = 18

type Parts = { sign: string; whole: string; fraction: string; suffix: string }

function partsOf(text: string): Parts | undefined {
  const found = form.exec(text)
  if (!found || text === '') return undefined
  const [, sign = '', whole = '', fraction = '', suffix = ''] = found
  return { sign, whole: whole.replace(/^0+/, '') || '0', fraction, suffix }
}

/** Why a text is no quantity, in Kubernetes' own words. */
export function quantityProblem(text: string): string | undefined {
  if (partsOf(text)) return undefined
  if (text !== '' && unreadableSuffix.test(text)) return "unable to parse quantity's suffix"
  return `quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`
}

/**
 * A quantity as servers store it: whole, with the largest suffix of its own family that keeps it so. `0.5` is `500m`,
 * `1024Mi` is `1Gi`. Binary quantities that are not whole or below one Ki are decimal ones.
 */
export function canonicalQuantity(text: string): string {
  const parts = partsOf(text)
  if (!parts || isKept(parts)) return text
  const { sign, suffix } = parts
  const value = billionthsOf(parts)
  if (value === 0n) return '0'
  const minus = sign === '-' ? '-' : ''
  if (isBinary(suffix) && value >= 1024n * nano && value % nano === 0n) return minus + inBinary(value / nano)
  return minus + inDecimal(value, isExponent(suffix))
}

/** The value of a quantity in billionths, 0 for what is none. */
export function quantityValue(text: unknown): bigint {
  const parts = partsOf(String(text))
  if (!parts) return 0n
  return parts.sign === '-' ? -billionthsOf(parts) : billionthsOf(parts)
}

function billionthsOf({ whole, fraction, suffix }: Parts): bigint {
  const below = 10n ** BigInt(fraction.length)
  return roundUp(BigInt(whole + fraction) * scaleOf(suffix) * nano, below * divisorOf(suffix))
}

/** Whether a quantity stays as it was written: what is nearly canonical counts as such. */
function isKept({ whole, fraction, suffix }: Parts): boolean {
  const digits = whole + fraction
  if (isBinary(suffix)) {
    const precision = 15 - whole.length - Math.trunc(binary.indexOf(suffix) * 3) - 1
    return fraction === '' && precision >= 0 && (BigInt(digits) & 7n) !== 0n
  }
  const scale = exponentOf(suffix) - fraction.length
  const isPlain = digits.length <= mostDigits && scale >= finest && scale % 3 === 0
  return isPlain && !digits.endsWith('000') && !digits.startsWith('0')
}

const isBinary = (suffix: string) => suffix.endsWith('i')
const isExponent = (suffix: string) => /^[eE]./.test(suffix) && !isBinary(suffix)
const roundUp = (dividend: bigint, divisor: bigint) => (dividend + divisor - 1n) / divisor

function exponentOf(suffix: string): number {
  return isExponent(suffix) ? Number(suffix.slice(1)) : (decimal.indexOf(suffix) - decimal.indexOf('')) * 3
}

function scaleOf(suffix: string): bigint {
  if (isBinary(suffix)) return 1024n ** BigInt(binary.indexOf(suffix))
  return 10n ** BigInt(Math.max(0, exponentOf(suffix)))
}

function divisorOf(suffix: string): bigint {
  return isBinary(suffix) ? 1n : 10n ** BigInt(Math.max(0, -exponentOf(suffix)))
}

function inBinary(value: bigint): string {
  let [left, step] = [value, 0]
  while (step < binary.length - 1 && left % 1024n === 0n) [left, step] = [left / 1024n, step + 1]
  return `${left}${binary[step]}`
}

function inDecimal(billionths: bigint, withExponent: boolean): string {
  let [left, step] = [billionths, 0]
  while (left % 1000n === 0n && (withExponent || step < decimal.length - 1))
    [left, step] = [left / 1000n, step + 1]
  const exponent = (step - decimal.indexOf('')) * 3
  if (!withExponent) return `${left}${decimal[step]}`
  return exponent === 0 ? String(left) : `${left}e${exponent}`
}
