import { registerHooks } from 'node:module'

/**
 * GitHub's workflow parser imports its schema without `with { type: 'json' }`, which Node refuses.
 * This adds the attribute; it must be imported before the parser is, and the parser dynamically.
 */
registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context)
    if (!resolved.url.endsWith('.json')) return resolved
    return { ...resolved, importAttributes: { ...context.importAttributes, type: 'json' } }
  },
})
