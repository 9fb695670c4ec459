import { z } from 'zod';
import { storedText } from '../storable.js';
import { modelName, tokenCounts } from '../tokens.js';
import { pageOf } from './page.js';
import { defineRoute } from './route.js';

/** Set by experts on each of its own completions, cleared by the edge: the query that the call belongs to. */
export const expertQueryHeader = 'x-parley-expert-query';

/**
 * Set by the gateway where a session asks the circle, passed on by experts with each completion, cleared by the edge: the
 * session, and its project behind a slash where it has one.
 */
export const askedInHeader = 'x-parley-asked-in';

/** The name under which the circle of experts is asked as a model. */
export const circleModel = 'circle';

export const expert = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    model: z.string().nullable().describe('Null where the question, the configuration or the list of models decides'),
  })
  .meta({ id: 'Expert' });
export type Expert = z.infer<typeof expert>;
export const expertList = z.strictObject({ data: z.array(expert) }).meta({ id: 'ExpertList' });

/** The longest question to the circle. */
export const maxQuestionChars = 100_000;

/** With `options` the experts vote for one of them, without they answer in their own words. */
export const expertQuestion = z
  .strictObject({
    question: storedText(maxQuestionChars),
    options: z
      .array(storedText(500))
      .min(2)
      .max(20)
      .refine(
        (options) => new Set(options.map((option) => option.toLowerCase())).size === options.length,
        'must differ',
      )
      .optional(),
    /** Of all experts that name none themselves. */
    model: modelName.refine((model) => model !== circleModel, 'must be a model that is not the circle').optional(),
  })
  .meta({ id: 'ExpertQuestion' });
export type ExpertQuestion = z.infer<typeof expertQuestion>;

/** `unclear` is a refusal, or an answer that chooses none of the options, or several; only `answered` counts. */
export const expertAnswerStatus = z.enum(['answered', 'unclear', 'failed', 'timed_out']);

export const expertAnswer = z
  .strictObject({
    expert: z.string().describe('Its id'),
    status: expertAnswerStatus,
    /** The option that was chosen, or the expert’s own words; null where it gave none. */
    answer: z.string().nullable(),
    /** All that the expert said, where that is not the answer itself. */
    reasoning: z.string().nullable(),
    /** The code of the failure. */
    error_code: z.string().nullable(),
    model: z.string().nullable(),
    tokens: tokenCounts.nullable(),
    /** In USD, as a decimal; null where no price is known. */
    cost: z.string().nullable(),
    latency_ms: z.int().nullable(),
  })
  .meta({ id: 'ExpertAnswer' });
export type ExpertAnswer = z.infer<typeof expertAnswer>;

export const expertQuery = z
  .strictObject({
    id: z.uuid(),
    /** `interrupted`: the instance that asked was lost; the answers that had come are kept. */
    status: z.enum(['running', 'answered', 'failed', 'interrupted']),
    question: z.string(),
    options: z.array(z.string()).nullable(),
    /** The majority’s option, or the most central answer; null while there is none, and on a tie. */
    consensus: z.string().nullable(),
    /** 0 to 1. With options the share of the counted answers that chose the first choice; else how alike the consensus is to the other answers. */
    agreement: z.number().nullable(),
    answers: z.array(expertAnswer),
    created_at: z.iso.datetime(),
    finished_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ExpertQuery' });
export type ExpertQuery = z.infer<typeof expertQuery>;
export const expertQueryPage = pageOf(expertQuery).meta({ id: 'ExpertQueryPage' });
export type ExpertQueryPage = z.infer<typeof expertQueryPage>;

/** @throws AppError circle.failed, service.overloaded; request.forbidden where the caller may not ask models. */
export const askExperts = defineRoute({
  service: 'experts',
  method: 'POST',
  path: '/v1/experts/queries',
  request: expertQuestion,
  response: expertQuery,
});
