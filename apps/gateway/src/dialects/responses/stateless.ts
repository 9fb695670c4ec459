import { isGiven } from '../openai/nulls.js';
import type { Given, ResponseRequest } from './request.schema.js';
import type { Uncarried } from './uncarried.js';

type Judge<Field extends keyof ResponseRequest> = (value: Given<Field>, uncarried: Uncarried) => void;

const nothingKept = 'no response is kept here, so give the whole conversation as input';

/**
 * What becomes of the fields that have no place in a conversation with a model: refused where the answer would not be
 * what was asked for, named as dropped where that does no harm.
 */
const judges: { readonly [Field in keyof ResponseRequest]?: Judge<Field> } = {
  background: (on, uncarried) => {
    if (on) uncarried.refuse('background', 'no response is kept here, so it could not be fetched later');
  },
  store: (on, uncarried) => {
    if (on) uncarried.refuse('store', 'no response is kept here; leave it out, or set it to false');
  },
  previous_response_id: (_, uncarried) => uncarried.refuse('previous_response_id', nothingKept),
  conversation: (_, uncarried) =>
    uncarried.refuse('conversation', `${nothingKept}, or name a session of ours in the header x-parley-session`),
  prompt: (_, uncarried) => uncarried.refuse('prompt', 'no prompts are kept here; send its text as instructions'),
  moderation: (_, uncarried) => uncarried.refuse('moderation', 'its results could not be given'),
  access_programs: ({ cyber = 'standard' }, uncarried) => {
    if (cyber !== 'standard') uncarried.refuse('access_programs.cyber', 'it is a programme of OpenAI’s own');
  },
  context_management: ([first], uncarried) => {
    if (first) uncarried.drop('context_management');
  },
  image: ({ context_compression }, uncarried) => {
    if (context_compression === 'enabled') uncarried.drop('image.context_compression');
  },
  truncation: (how, uncarried) => {
    if (how === 'auto') uncarried.drop('truncation');
  },
  stream_options: ({ include_obfuscation }, uncarried) => {
    if (include_obfuscation) uncarried.drop('stream_options.include_obfuscation');
  },
  prompt_cache_options: ({ comparison_response_id, prewarm, ttl }, uncarried) => {
    if (prewarm) uncarried.refuse('prompt_cache_options.prewarm', 'a model here always answers');
    if (isGiven(comparison_response_id)) uncarried.drop('prompt_cache_options.comparison_response_id');
    if (ttl === '12h') uncarried.drop('prompt_cache_options.ttl');
  },
  reasoning: ({ context, mode }, uncarried) => {
    if (isGiven(mode) && mode !== 'standard') uncarried.refuse('reasoning.mode', 'models here have the standard one');
    if (isGiven(context) && context !== 'auto') uncarried.drop('reasoning.context');
  },
};

/** @throws AppError model.unsupported_parameter for what needs a store, or OpenAI itself. */
export function judgeFields(wire: ResponseRequest, uncarried: Uncarried): void {
  for (const field of Object.keys(judges) as (keyof typeof judges)[]) {
    const value = wire[field];
    if (isGiven(value)) (judges[field] as Judge<typeof field>)(value, uncarried);
  }
}
