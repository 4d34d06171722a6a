import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fillDefaults, readActionFile } from '../src/default-inputs.ts'

const file = `
inputs:
  mode: { default: apply }
  ttl: { default: 60 }
  environment: {}
  github-token: { default: "\${{ github.token }}" }
`

test('an input that was given blank has its default, and what was given stays', () => {
  const env = {
    INPUT_MODE: ' ',
    INPUT_TTL: '300',
    INPUT_ENVIRONMENT: '',
    'INPUT_GITHUB-TOKEN': '',
    HOME: '/',
  }
  expect(fillDefaults(env, file)).toEqual({ ...env, INPUT_MODE: 'apply' })
})

test('where GitHub has put all defaults, and without an action.yml, the environment is the same', () => {
  const env = { INPUT_MODE: 'plan', INPUT_TTL: '60' }
  expect(fillDefaults(env, file)).toBe(env)
  expect(fillDefaults(env, '')).toBe(env)
})

test('the action.yml stands above bundles and sources', () => {
  const action = join(import.meta.dirname, '../../../actions/latency-dns')
  for (const entry of ['dist/index.js', 'src/main.ts'])
    expect(readActionFile(join(action, entry))).toContain('name: Meridian latency DNS')
  expect(readActionFile(join(import.meta.dirname, 'fixtures/action.ts'))).toBe('')
})
