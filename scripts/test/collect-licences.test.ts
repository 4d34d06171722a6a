import { expect, test } from 'vitest'
import { packageRoot } from '../collect-licences.ts'

test.each([
  ['../../node_modules/yaml/dist/index.js', '../../node_modules/yaml'],
  ['node_modules/@aws-sdk/core/dist/x.js', 'node_modules/@aws-sdk/core'],
  ['node_modules/a/node_modules/b/c.js', 'node_modules/a/node_modules/b'],
  ['../../packages/kube/src/index.ts', undefined],
])('%s belongs to %s', (path, root) => expect(packageRoot(path)).toBe(root))
