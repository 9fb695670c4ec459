import { openai } from './openai.ts';
import type { Question } from './question.ts';
import type { Wire } from './wire.ts';

type Input = string | readonly number[];

interface WireRequest {
  readonly model: string;
  readonly input: Input | readonly Input[];
  readonly dimensions?: number;
  readonly encoding_format?: 'float' | 'base64';
}

/** Numbers in a vector where the request does not say, as OpenAI's models have them. */
const dimensionsOf: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
};
const defaultDimensions = 64;

/** Whether the model makes vectors; others answer in words, and the first in nothing else. */
export const embeds = (model: string): boolean => /^(offline-embed|text-embedding-)/.test(model);

const isBatch = (input: WireRequest['input']): input is readonly Input[] =>
  Array.isArray(input) && typeof input[0] !== 'number';

function inputsOf({ input }: WireRequest): readonly Input[] {
  const inputs = isBatch(input) ? input : [input];
  if (inputs.length === 0 || inputs.some((one) => one.length === 0)) throw new TypeError("'input' cannot be empty");
  return inputs;
}

/** Adds a word's own numbers: its FNV-1a hash, stirred by xorshift from one to the next. */
function addWord(vector: Float32Array, word: string): void {
  let state = 0x811c9dc5;
  for (let index = 0; index < word.length; index += 1)
    state = Math.imul(state ^ word.charCodeAt(index), 0x01000193) >>> 0;
  for (const [index, number] of vector.entries()) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    vector[index] = number + (state >>> 0) / 0x80000000 - 1;
  }
}

const wordsOf = (input: Input): string[] =>
  typeof input === 'string' ? (input.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [input]) : input.map(String);

/** The sum of the words' own vectors, of length 1: texts that share words are close to each other. */
function vectorOf(input: Input, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of wordsOf(input)) addWord(vector, word);
  const length = Math.hypot(...vector) || 1;
  return vector.map((number) => number / length);
}

const written = (vector: Float32Array, format: WireRequest['encoding_format']): string | number[] =>
  format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : Array.from(vector);

function read(body: Readonly<Record<string, unknown>>): Question {
  const request = body as unknown as WireRequest;
  const inputs = inputsOf(request);
  const characters = inputs.reduce(
    (sum, input) => sum + (typeof input === 'string' ? input.length : 4 * input.length),
    0,
  );
  return {
    model: request.model,
    stream: false,
    text: inputs.filter((input) => typeof input === 'string').join('\n'),
    system: '',
    toolResults: [],
    tools: [],
    mustCall: undefined,
    mayCallSeveral: false,
    answerSchema: undefined,
    thinks: false,
    maxTokens: undefined,
    stopSequences: [],
    wantsUsage: true,
    turns: 1,
    characters,
    cached: undefined,
    vectors: () => {
      const dimensions = request.dimensions ?? dimensionsOf[request.model] ?? defaultDimensions;
      return inputs.map((input) => written(vectorOf(input, dimensions), request.encoding_format));
    },
  };
}

/** `POST /v1/embeddings`: the texts' marks direct it as those of a question do. */
export const openaiEmbeddings: Wire = {
  ...openai,
  read,
  whole({ model, usage }, { vectors }) {
    const data = vectors?.().map((embedding, index) => ({ object: 'embedding', index, embedding }));
    const counted = { prompt_tokens: usage.input, total_tokens: usage.input };
    return JSON.stringify({ object: 'list', data, model, usage: counted });
  },
};
