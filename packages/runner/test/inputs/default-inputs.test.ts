import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultsFile, defaultsOf, fillDefaults, readDefaults } from '../../src/inputs/default-inputs.ts'

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
  expect(fillDefaults(env, defaultsOf(file))).toEqual({ ...env, INPUT_MODE: 'apply' })
})

test('where GitHub has put all defaults, and without an action.yml, the environment is the same', () => {
  const env = { INPUT_MODE: 'plan', INPUT_TTL: '60' }
  expect(fillDefaults(env, defaultsOf(file))).toBe(env)
  expect(fillDefaults(env, defaultsOf(''))).toBe(env)
})

test('defaults are those that were built beside the entry, or else those of the action.yml above it', async () => {
  const action = await mkdtemp(join(tmpdir(), 'meridian-defaults-'))
  await writeFile(join(action, 'action.yml'), file)
  await mkdir(join(action, 'dist'))
  expect(readDefaults(join(action, 'src/main.ts'))).toEqual({ INPUT_MODE: 'apply', INPUT_TTL: '60' })
  await writeFile(join(action, 'dist', defaultsFile), '{"INPUT_MODE":"plan"}')
  expect(readDefaults(join(action, 'dist/index.js'))).toEqual({ INPUT_MODE: 'plan' })
  await rm(action, { recursive: true })
})

test('without either there are none', () => {
  expect(readDefaults(join(import.meta.dirname, '../fixtures/action.ts'))).toEqual({})
  expect(readDefaults(undefined)).toEqual({})
})
