export { toMessage } from './anthropic/answer.js';
export { MessageStreamEncoder } from './anthropic/encoder.js';
export { anthropicError, anthropicErrorBody, anthropicErrors } from './anthropic/errors.js';
export { AnswerDraft } from './answer-draft.js';
export { citedTexts, lengthOf, openaiAnnotations, toAnnotation } from './openai/annotations.js';
export { toChatCompletion } from './openai/answer.js';
export { ChatStreamEncoder } from './openai/encoder.js';
export { openaiError, openaiErrorBody, openaiErrors } from './openai/errors.js';
export type { StreamEncoder } from './stream-encoder.js';
