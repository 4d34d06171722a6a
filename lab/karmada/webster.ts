import { hashText } from './names.ts'

/** Seats per name; every name of the votes is present, also with 0 seats. */
export type Seats = Record<string, number>

/**
 * Divides `seats` over weighted names by Webster's method (odd divisors): each seat goes to the highest
 * votes / (2·held + 1). Equal quotients go to who holds fewer seats, then by name, ascending or descending
 * as `descending` says, so that different workloads do not all favour the same cluster.
 */
export function allocateSeats(
  seats: number,
  votes: Readonly<Record<string, number>>,
  descending = false,
): Seats {
  const names = Object.keys(votes)
    .filter(name => (votes[name] ?? 0) > 0)
    .sort((a, b) => (descending ? compare(b, a) : compare(a, b)))
  const held: Seats = Object.fromEntries(Object.keys(votes).map(name => [name, 0]))
  if (names.length === 0) return held
  for (let seat = 0; seat < seats; seat += 1) {
    const winner = names.reduce((best, name) => (beats(name, best, votes, held) ? name : best))
    held[winner] = (held[winner] ?? 0) + 1
  }
  return held
}

/** Parity of a template's uid, which settles the direction in which ties are broken. */
export function breaksTiesDescending(uid: string): boolean {
  return hashText(uid) % 2 === 1
}

/**
 * Divides replicas over weighted clusters; those that get none are left out. Ties are broken by the uid of the
 * template: pkg/scheduler/core/assignment.go of Karmada hands `spec.resource.uid` of the binding on.
 */
export function divide(
  uid: string,
  replicas: number,
  weights: Readonly<Record<string, number>>,
): { name: string; replicas: number }[] {
  const seats = Object.entries(allocateSeats(replicas, weights, breaksTiesDescending(uid)))
  return seats
    .filter(([, held]) => held > 0)
    .map(([name, held]) => ({ name, replicas: held }))
    .toSorted((a, b) => compare(a.name, b.name))
}

function beats(
  challenger: string,
  best: string,
  votes: Readonly<Record<string, number>>,
  held: Seats,
): boolean {
  const difference = quotient(challenger, votes, held) - quotient(best, votes, held)
  if (difference !== 0) return difference > 0
  return (held[challenger] ?? 0) < (held[best] ?? 0)
}

function quotient(name: string, votes: Readonly<Record<string, number>>, held: Seats): number {
  return (votes[name] ?? 0) / (2 * (held[name] ?? 0) + 1)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
