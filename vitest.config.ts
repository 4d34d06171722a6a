import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{actions,packages}/*/test/**/*.test.ts', 'lab/**/*.test.ts', 'scripts/**/*.test.ts'],
    testTimeout: 30_000,
  },
})
