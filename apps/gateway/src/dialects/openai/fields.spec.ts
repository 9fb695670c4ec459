import { expect, it } from '@jest/globals';
import type { ChatCompletionCreateParamsBase } from 'openai/resources/chat/completions';
import type { ParsedChatCompletionMessage } from 'openai/resources/chat/completions/completions';
import type { z } from 'zod';
import type { FieldNames } from '../field-names.fixture.js';
import type { chatRequest } from './request.schema.js';

/** What the SDK sends, answers that are given back included. */
type Theirs = FieldNames<ChatCompletionCreateParamsBase | ParsedChatCompletionMessage<string>>;
type Ours = FieldNames<z.input<typeof chatRequest>>;

/** The compiler names here what the SDK knows and the schema does not, at whatever depth. */
const unknownToUs: Record<Exclude<Theirs | 'nothing', Ours>, true> = { nothing: true };
/** And here what the schema knows and the SDK does not, besides the insides of thoughts. */
const unknownToThem: Record<Exclude<Ours, Theirs | `reasoning.${string}`>, string> = {
  'assistant.reasoning': 'thoughts, as Ollama and OpenRouter name them',
  'assistant.reasoning_content': 'thoughts, as others name them',
  'assistant.reasoning_details': 'thoughts with their signatures',
  'url_citation.citation': 'Anthropic’s own form of it',
};

it('every field of the SDK’s is known, at whatever depth, and no more than answers have besides', () => {
  expect(Object.keys(unknownToUs)).toEqual(['nothing']);
  expect(Object.keys(unknownToThem)).toHaveLength(4);
});
