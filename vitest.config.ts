import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{actions,packages}/*/test/**/*.test.ts', 'lab/**/*.test.ts', 'scripts/**/*.test.ts'],
    // GitHub's workflow parser imports JSON without an import attribute, which plain Node refuses.
    server: { deps: { inline: [/@actions\/(workflow-parser|expressions)/] } },
    testTimeout: 30_000,
  },
})
