export type UpgradeVerdict = 'same' | 'possible' | { refused: string }

/**
 * Whether a control plane may be brought from one version to another (`1.17.5` to `1.18.2`). Karmada's own guide
 * goes one minor version at a time (karmada.io/docs/administrator/upgrading), and never back.
 */
export function judgeUpgrade(installed: string, wanted: string): UpgradeVerdict {
  if (installed === wanted) return 'same'
  const [from, to] = [numbersOf(installed), numbersOf(wanted)]
  if (from === undefined || to === undefined) return { refused: `${installed} is not a release` }
  if (from.major !== to.major || to.minor > from.minor + 1)
    return {
      refused: `Karmada is upgraded one minor version at a time: first to ${from.major}.${from.minor + 1}`,
    }
  const isOlder = to.minor < from.minor || (to.minor === from.minor && to.patch < from.patch)
  return isOlder ? { refused: 'Karmada cannot be taken back to an older version' } : 'possible'
}

function numbersOf(version: string): { major: number; minor: number; patch: number } | undefined {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)$/.exec(version) ?? []
  return major === undefined
    ? undefined
    : { major: Number(major), minor: Number(minor), patch: Number(patch) }
}
