import { circleModel, modelName } from '@parley/contracts';
import { z } from 'zod';
import { defaultExperts } from './default-experts.js';

const maxExperts = 20;

/** One member of the circle, as configured. */
const expertDefinition = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be 1 to 40 small letters, digits and dashes'),
  name: z.string().trim().min(1).max(100),
  description: z.string().trim().min(1).max(500),
  /** The system prompt. */
  instructions: z.string().trim().min(1).max(20_000),
  /** Absent or null where the question, EXPERTS_MODEL or the gateway's list decides. */
  model: modelName
    .refine((model) => model !== circleModel, 'must be a model that is not the circle')
    .nullable()
    .default(null),
});
export type ExpertDefinition = Readonly<z.infer<typeof expertDefinition>>;

const experts = z
  .array(expertDefinition)
  .min(1)
  .max(maxExperts)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'must have an id of its own each');

/** The text of an experts' file, a JSON list; without one the default experts. */
export const expertFile = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      // The parser's own message repeats a piece of the text.
      context.addIssue({ code: 'custom', message: 'is not valid JSON' });
      return z.NEVER;
    }
  })
  .pipe(experts)
  .default([...defaultExperts]);
