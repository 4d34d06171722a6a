import { describe, expect, test } from 'vitest'
import { fillMarkers, renderInputs, renderOutputs } from '../render-tables.ts'

const action = { name: 'x', description: 'd' }

describe('tables from action.yml', () => {
  test('show whether an input is required, its default, or neither', () => {
    const inputs = {
      a: { description: 'one', required: true },
      b: { description: 'two|three\nfour', default: '3' },
      c: { description: 'five' },
    }
    expect(renderInputs({ ...action, inputs })).toBe(
      '| Input | What it is | Default |\n| --- | --- | --- |\n| `a` | one | **required** |\n| `b` | two\\|three four | `3` |\n| `c` | five | – |\n',
    )
  })

  test('fail on an input or output without description', () => {
    expect(() => renderInputs({ ...action, inputs: { a: {} } })).toThrow("input 'a' has no description")
    expect(() => renderOutputs({ ...action, outputs: { a: { description: ' ' } } })).toThrow(
      "output 'a' has no description",
    )
  })
})

describe('markers', () => {
  test('keep everything outside of them', () => {
    expect(fillMarkers('a\n<!-- x -->\nold\n<!-- /x -->\nb', 'x', 'new\n')).toBe(
      'a\n<!-- x -->\nnew\n<!-- /x -->\nb',
    )
  })

  test('must be there', () => expect(() => fillMarkers('a', 'x', 'new')).toThrow('<!-- x -->'))
})
