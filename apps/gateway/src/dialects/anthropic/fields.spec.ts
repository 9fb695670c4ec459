import type { ContentBlock, MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';
import { expect, it } from '@jest/globals';
import type { z } from 'zod';
import type { FieldNames } from '../field-names.fixture.js';
import type { messagesRequest } from './request.schema.js';

/** What the SDK sends in a body, answers that are given back included. */
type Theirs = FieldNames<Omit<MessageCreateParamsBase, 'user_profile_id' | 'workspace_id'> | ContentBlock>;
type Ours = FieldNames<z.input<typeof messagesRequest>>;

/** The compiler names here what the SDK knows and the schema does not, at whatever depth. */
const unknownToUs: Record<Exclude<Theirs | 'nothing', Ours>, true> = { nothing: true };
/** And here what the schema knows and the SDK does not, besides who called a tool, which it knows of some. */
const unknownToThem: Record<Exclude<Ours, Theirs | `${string}_tool_result.caller`>, string> = {
  '.temperature': 'of the version before',
  '.top_k': 'of the version before',
  '.top_p': 'of the version before',
};

it('every field of the SDK’s is known, at whatever depth, and no other', () => {
  expect(Object.keys(unknownToUs)).toEqual(['nothing']);
  expect(Object.keys(unknownToThem)).toEqual(['.temperature', '.top_k', '.top_p']);
});
