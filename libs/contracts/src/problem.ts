import { z } from 'zod';
import { errorCodes, type ErrorCode } from './errors.js';

/** RFC 9457 problem details, as every non-dialect route answers an error; content type `application/problem+json`. */
export const problem = z
  .strictObject({
    type: z.string().describe('`urn:parley:error:<code>`'),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
    detail: z.string().optional(),
    request_id: z.string(),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;
