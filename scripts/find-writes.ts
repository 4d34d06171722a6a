import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** A call that changes or deletes something, as its file has it: `host.remove`, `PutObjectCommand`, `rm`. */
export type WritingCall = { readonly file: string; readonly call: string }

/** Of Kubernetes' client, and what is made of it to write only over what has been seen and judged. */
const ofKubernetes =
  /^(remove|apply|patch|create|applyOver|patchOver|removeOver|writeOver|ensureObjects|ensureOver)$/
const ofGithub = /^(create|update|delete|remove|add|set)[A-Z]/
/** Programs that change by themselves: kops, karmadactl, kind. */
const ofPrograms = /^(\w+\.run|runTool)$/
const ofFiles =
  /^(appendFile|copyFile|cp|mkdir|rename|rm|rmdir|symlink|truncate|unlink|writeFile|chmod)(Sync)?$/
const command = /^(?!Get|List|Head|Describe|AssumeRole|Test)[A-Z]\w*Command$/
const queries =
  /^(?!Get|List|Describe)(Create|Delete|Modify|Put|Release|Run|Set|Terminate|Associate|Attach|Detach)[A-Z]/

/** Every call in the sources of actions and packages that changes or deletes something, once for each file. */
export function findWrites(root: string): WritingCall[] {
  const files = globSync(['actions/*/src/**/*.ts', 'packages/*/src/**/*.ts'], { cwd: root })
  return files.toSorted().flatMap(file => {
    const calls = findWritesIn(file, readFileSync(join(root, file), 'utf8'))
    return calls.map(call => ({ file, call }))
  })
}

/** The same of one text. */
export function findWritesIn(file: string, text: string): string[] {
  return [...new Set(callsIn(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)))]
}

function callsIn(node: ts.Node): string[] {
  const here = ts.isNewExpression(node) || ts.isCallExpression(node) ? nameOf(node) : undefined
  const below: string[] = []
  node.forEachChild(child => void below.push(...callsIn(child)))
  return here === undefined ? below : [here, ...below]
}

function nameOf(node: ts.NewExpression | ts.CallExpression): string | undefined {
  const { expression } = node
  const called = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText()
  if (ts.isNewExpression(node)) return command.test(called) ? called : undefined
  const asked = node.arguments?.map(each => (ts.isStringLiteral(each) ? each.text : ''))
  if (asked?.some(text => queries.test(text))) return `${called} ${asked.find(text => queries.test(text))}`
  if (/^(request|sendRequest)$/.test(called) && asked?.some(text => /^(POST|PUT|PATCH|DELETE)$/.test(text)))
    return `${called} ${asked[0]}`
  const ofClient =
    ts.isPropertyAccessExpression(expression) &&
    /\b(rest|issues|octokit|repos|reactions)\b/.test(expression.expression.getText())
  if (ofClient && ofGithub.test(called)) return called
  if (ofPrograms.test(expression.getText())) return expression.getText()
  if (ofFiles.test(called) && ts.isIdentifier(expression)) return called
  return ofKubernetes.test(called) ? shorten(expression.getText()) : undefined
}

const shorten = (text: string) => text.replace(/\s+/g, '').slice(-60)
