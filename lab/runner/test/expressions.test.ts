import { describe, expect, test } from 'vitest'
import { evaluate, isTrue, render, renderText } from '../expressions.ts'

const open = '$' + '{{'
const scope = {
  contexts: {
    inputs: { list: '[1,{"a":"b"}]', flag: true, empty: '' },
    matrix: { name: 'usa' },
    needs: { x: { outputs: {} } },
  },
  status: { success: () => true, failure: () => false, cancelled: () => false, always: () => true },
}

describe('expressions', () => {
  test.each([
    ["fromJSON(inputs.list)[1].a == 'B'", true],
    ["format('{0}-{1}', matrix.name, inputs.flag)", 'usa-true'],
    ['needs.x.outputs.missing', null],
    ['nothing.here.at.all', undefined],
    ['success() && !failure()', true],
    ["contains(fromJSON('[\"a\"]'), 'a')", true],
  ])('%s is %j', (expression, value) => {
    if (value === undefined) expect(() => evaluate(expression, scope)).toThrow()
    else expect(evaluate(expression, scope)).toEqual(value)
  })

  test.each([
    ["'false'", true],
    ["''", false],
    ['0', false],
    ['inputs.empty', false],
  ])('%s counts as %s', (expression, truth) => {
    expect(isTrue(expression, scope)).toBe(truth)
  })

  test('keep the type of a value that is nothing but one expression', () => {
    expect(render({ all: `${open} fromJSON(inputs.list) }}` }, scope)).toEqual({ all: [1, { a: 'b' }] })
  })

  test('are inserted as text elsewhere, line breaks and indentation kept', () => {
    expect(render(`name: ${open} matrix.name }}\n  flag: ${open}inputs.flag}}\n`, scope)).toBe(
      'name: usa\n  flag: true\n',
    )
  })

  test('may contain closing braces in quotes', () => {
    expect(render(`<${open} format('a{{0}}b', 1) }}>`, scope)).toBe('<a{0}b>')
  })

  test('that give a list cannot stand where text is expected', () => {
    expect(() => renderText(`${open} fromJSON(inputs.list) }}`, scope, 'with.x')).toThrow(
      'with.x: a sequence was not expected',
    )
  })
})
