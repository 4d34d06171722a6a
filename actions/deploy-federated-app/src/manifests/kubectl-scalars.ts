import type { ScalarTag } from 'yaml'

const truths = /^(?:y|Y|yes|Yes|YES|on|On|ON)$/
const falsehoods = /^(?:n|N|no|No|NO|off|Off|OFF)$/
const numbers =
  /^[-+]?(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.[\d_]+)(?:[eE][-+]?[\d_]+)?)$/

/**
 * What kubectl's reader (sigs.k8s.io/yaml 1.6) takes for numbers and booleans and YAML 1.2 for text or another number:
 * `0400` is octal, `yes` true, `1_000` a number; one that a float64 cannot hold is text. A whole number that is not kept
 * exactly here is an error: the API has 64 bits for it, and would be sent another.
 */
export const kubectlScalars: ScalarTag[] = [
  {
    tag: 'tag:yaml.org,2002:bool',
    default: true,
    test: new RegExp(`${truths.source}|${falsehoods.source}`),
    resolve: text => truths.test(text),
  },
  { tag: 'tag:yaml.org,2002:float', default: true, test: numbers, resolve: readNumber },
]

function readNumber(text: string, refuse: (message: string) => void): number | string {
  const [digits, sign] = [text.replace(/[-+]?(.*)/, '$1').replaceAll('_', ''), text.startsWith('-') ? -1 : 1]
  const value = Number(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits)
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^(0[xXoObB]|\d+$)/.test(digits))
    refuse(
      `quote it if it is text, or apply its object with kubectl: ${text} has more digits than are kept of a number here,`,
    )
  return Number.isFinite(value) ? sign * value : text
}
