import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
/* eslint-disable @nx/enforce-module-boundaries -- the one import that finds the sources in tests and the build in Node */
import { anthropicDialect } from '#dialects/anthropic/index.js';
import { openaiDialect } from '#dialects/openai/index.js';
import { responsesDialect } from '#dialects/responses/index.js';
/* eslint-enable @nx/enforce-module-boundaries */
import type { Dialect } from '../../../src/dialects/dialect.js';
import { hi, type DialectName, type Form } from './feature.ts';

/** A dialect, and its answers as the official client reads them. */
export interface Surface {
  readonly name: DialectName;
  readonly title: string;
  readonly dialect: Dialect;
  /** The least that a body says. */
  readonly base: Form;
  /** What asks for a stream, and for all that there is of it. */
  readonly streaming: Form;
  whole(text: string): Promise<unknown>;
  streamed(text: string): Promise<unknown>;
}

const shared = { apiKey: 'key', maxRetries: 0 };
const answering = (text: string, type: string) => async () => new Response(text, { headers: { 'content-type': type } });
const openai = (text: string, type = 'application/json') => new OpenAI({ ...shared, fetch: answering(text, type) });
const anthropic = (text: string, type = 'application/json') =>
  new Anthropic({ ...shared, authToken: null, fetch: answering(text, type) });
const events = 'text/event-stream';

const chat = { model: 'm', messages: [hi] };
const messages = { model: 'm', max_tokens: 100, messages: [hi] };
const responses = { model: 'm', input: 'hi' };

/** The dialects of the matrix: one more is one entry more, and its words in the features that it has. */
export const surfaces: readonly Surface[] = [
  {
    name: 'chat',
    title: 'OpenAI’s chat completions',
    dialect: openaiDialect,
    base: chat,
    streaming: { stream: true, stream_options: { include_usage: true } },
    whole: async (text) => openai(text).chat.completions.create(chat),
    streamed: async (text) => openai(text, events).chat.completions.stream(chat).finalChatCompletion(),
  },
  {
    name: 'messages',
    title: 'Anthropic’s messages',
    dialect: anthropicDialect,
    base: messages,
    streaming: { stream: true },
    whole: async (text) => anthropic(text).messages.create(messages),
    streamed: async (text) => anthropic(text, events).messages.stream(messages).finalMessage(),
  },
  {
    name: 'responses',
    title: 'OpenAI’s responses',
    dialect: responsesDialect,
    base: responses,
    streaming: { stream: true },
    whole: async (text) => openai(text).responses.create(responses),
    streamed: async (text) => openai(text, events).responses.stream(responses).finalResponse(),
  },
];

export const surfaceOf = (name: Surface['name']): Surface =>
  surfaces.find((surface) => surface.name === name) as Surface;
