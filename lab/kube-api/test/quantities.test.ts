import { expect, test } from 'vitest'
import { canonicalQuantity, quantityProblem } from '../schema/canonical-quantity.ts'

// By Kubernetes' own reader of quantities, of 1.35.7.
test.each([
  ['0.5', '500m'],
  ['1000m', '1'],
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['1.2Ki', '1228800m'],
  ['512Ki', '512Ki'],
  ['1000000', '1M'],
  ['83.529', '83.529'],
  ['12E6', '12E6'],
  ['56.597E2', '5659700e-3'],
  ['0.5n', '1n'],
  ['0Mi', '0'],
])('%s is stored as %s', (given, stored) => {
  expect(canonicalQuantity(given)).toBe(stored)
})

test.each([
  ['ten', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
  ['5x', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
  ['1mi', "unable to parse quantity's suffix"],
])('%s is no quantity', (given, problem) => {
  expect(quantityProblem(given)).toBe(problem)
})
