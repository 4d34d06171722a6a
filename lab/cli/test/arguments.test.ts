import { describe, expect, test } from 'vitest'
import { readArguments, UsageError } from '../arguments.ts'

describe('readArguments', () => {
  test('means the whole story when nothing is said', () => {
    expect(readArguments([])).toEqual({
      name: 'story',
      json: false,
      keep: false,
      built: false,
      controlPlane: 'lab',
      port: undefined,
      dnsPort: undefined,
      webhookPort: 8443,
      seed: 1,
      scale: 60,
      faults: [],
      inputs: {},
    })
  })

  test('collects inputs, which may contain an equals sign, and lists of faults', () => {
    const command = readArguments([
      'up',
      '--input',
      'a=b=c',
      '--input',
      'd=',
      '--faults',
      's3-500,slow-elb',
      '--seed',
      '7',
    ])
    expect(command).toMatchObject({
      name: 'up',
      inputs: { a: 'b=c', d: '' },
      faults: ['s3-500', 'slow-elb'],
      seed: 7,
    })
  })

  test('takes a port and a built world for serve', () => {
    const command = readArguments(['serve', '--built', '--port', '8080', '--dns-port', '5353'])
    expect(command).toMatchObject({ built: true, port: 8080, dnsPort: 5353 })
  })

  test('takes a bare control plane for serve, and where its webhook listens', () => {
    const command = readArguments(['serve', '--control-plane', 'bare', '--webhook-port', '9443'])
    expect(command).toMatchObject({ controlPlane: 'bare', webhookPort: 9443 })
  })

  test('answers --help before anything else', () => {
    expect(readArguments(['serve', '--help'])).toBe('help')
  })

  test.each([
    [['--nope'], "Unknown option '--nope'"],
    [['sideways'], "unknown command 'sideways'; commands are up, down, serve"],
    [['up', 'down'], "unexpected argument 'down'"],
    [['--seed', 'x'], "'--seed x' must be a number from 0 to 2147483648"],
    [['--faults', 'rain'], "unknown fault 'rain'; known are "],
    [['--faults', 'fail-request:x'], "fault 'fail-request:x': what follows the colon must be a number"],
    [['--input', '=x'], "'--input =x' must be name=value"],
    [['--built'], "'--built' belongs to 'serve'"],
    [['up', '--port', '1'], "'--port' belongs to 'serve'"],
    [['up', '--dns-port', '1'], "'--dns-port' belongs to 'serve'"],
    [['serve', '--control-plane', 'own'], "'--control-plane own' must be lab or bare"],
    [['up', '--control-plane', 'bare'], "'--control-plane bare' belongs to 'serve'"],
    [['serve', '--built', '--control-plane', 'bare'], "'--built' needs the lab's own Karmada"],
    [['serve', '--webhook-port', '1'], "'--webhook-port' belongs to '--control-plane bare'"],
    [['serve', '--json'], "'serve' has no '--json'"],
  ])('refuses %j in one line', (args, message) => {
    const read = (): unknown => readArguments(args)
    expect(read).toThrow(UsageError)
    expect(read).toThrow(message)
    expect(read).not.toThrow(/\n/)
  })
})
