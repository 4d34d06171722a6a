// Fails when a bundle is larger than its budget.
import { measureBundles } from './bundle-budgets.ts'

for (const { action, bytes, budget } of measureBundles()) {
  const over = bytes > budget
  console.log(`${action}: ${bytes} of ${budget} bytes${over ? ': too large' : ''}`)
  if (over) process.exitCode = 1
}
