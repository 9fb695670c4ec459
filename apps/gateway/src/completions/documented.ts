import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { costHeader } from '@parley/contracts';
import type { z } from 'zod';
import {
  attemptsHeader,
  contextHeader,
  droppedHeader,
  hedgeHeader,
  modelHeader,
  providerHeader,
  sessionHeader,
  turnHeader,
} from './headers.js';

/** The reference's words for the headers that say who answered, and what that cost. */
export const servedHeaders = {
  [costHeader]: { description: 'In US dollars, where the price is known', schema: { type: 'string' as const } },
  [providerHeader]: { description: 'Who answered', schema: { type: 'string' as const } },
  [modelHeader]: {
    description: 'The model that was asked, by its provider’s name',
    schema: { type: 'string' as const },
  },
  [attemptsHeader]: { description: 'Calls to providers that it took', schema: { type: 'integer' as const } },
};

/** The reference's words for a completion: the body it takes, and that it answers as the vendor does, plain or streamed. */
export function Completion(vendor: string, body: z.ZodType): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    ApiOperation({ summary: `Ask a model, in the dialect of ${vendor}` }),
    VendorBody(body),
    ApiHeader({
      name: sessionHeader,
      required: false,
      description:
        'The session that this goes on with: the body then has the new messages alone, and no model where the session has one',
    }),
    ApiHeader({
      name: hedgeHeader,
      required: false,
      description:
        'After so many milliseconds without an answer, 60000 at most, a second one is asked for, and the first to begin is taken; both are paid for',
    }),
    ApiOkResponse({
      description: `The answer as ${vendor} gives it; with \`stream\` as server-sent events`,
      headers: {
        ...servedHeaders,
        [droppedHeader]: { description: 'Fields that the model cannot carry', schema: { type: 'string' } },
        [turnHeader]: { description: 'In a session, the turn that this answers', schema: { type: 'string' } },
        [contextHeader]: {
          description: 'Messages of the session that the model was not given: `dropped=3`, `summarised=12; model=…`',
          schema: { type: 'string' },
        },
      },
      content: {
        'application/json': { schema: { type: 'object' } },
        'text/event-stream': { schema: { type: 'string' } },
      },
    }),
  );
}

/** As swagger takes a body's schema from a parameter; its types know it of parameters alone. */
type StandardBody = Parameters<typeof ApiBody>[0] & { readonly standardSchema: z.ZodType };

/** Documents a body that the dialect reads by itself. */
export const VendorBody = (standardSchema: z.ZodType): MethodDecorator => ApiBody({ standardSchema } as StandardBody);
