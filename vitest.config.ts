import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{actions,packages}/*/test/**/*.test.ts', 'lab/**/*.test.ts', 'scripts/**/*.test.ts'],
    testTimeout: 30_000,
    // Most tests wait for servers and child processes: more of them than cores keep the cores busy.
    maxWorkers: 3,
  },
})
