export { childEnvironment, secretsOf } from './child-environment.ts'
export { downloadFile } from './download-file.ts'
export { classifyFailure, explainFailure, findKnown, type KnownFailure } from './explain-failure.ts'
export { findTool, type Tool, type ToolRequest } from './find-tool.ts'
export { headlineOf } from './headline.ts'
export { proxyAdvice, proxyFailure } from './proxy-failure.ts'
export { createLineRedactor, redact } from './redact.ts'
export { runTool, type ToolResult } from './run-tool.ts'
export { ToolFailure } from './tool-failure.ts'
export {
  type KopsInputs,
  karmadactlRequest,
  kopsRequest,
  kubectlRequest,
} from './tool-inputs.ts'
export { unpackArchive } from './unpack.ts'
