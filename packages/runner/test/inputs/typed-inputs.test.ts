import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { typedInputs } from '../../src/index.ts'

test.each<[string, string]>([
  ['usa.k8s.example.com', 'name: usa.k8s.example.com'],
  ['s3://platform/kops', "name: 's3://platform/kops'"],
  ['444455556666', "name: '444455556666'"],
  ['@', "name: '@'"],
  ["it's", "name: 'it''s'"],
  ['dns,app', "name: 'dns,app'"],
  ['[{name: usa}]', 'name: [{name: usa}]'],
])('%s is typed so that YAML reads it as it was meant', (value, typed) => {
  expect(typedInputs({ name: value, other: undefined })).toBe(typed)
  if (!value.startsWith('[')) expect(parse(`{${typed}}`)).toEqual({ name: value })
})
