import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';

type BodySchema = NonNullable<Extract<Parameters<typeof ApiBody>[0], { schema: unknown }>['schema']>;

/** The reference's words for a completion: the body it takes, and that it answers as the vendor does, plain or streamed. */
export function Completion(vendor: string, body: z.ZodType): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    ApiOperation({ summary: `Ask a model, in the dialect of ${vendor}` }),
    VendorBody(body),
    ApiOkResponse({
      description: `The answer as ${vendor} gives it; with \`stream\` as server-sent events`,
      content: {
        'application/json': { schema: { type: 'object' } },
        'text/event-stream': { schema: { type: 'string' } },
      },
    }),
  );
}

/** Documents a body that the dialect reads by itself. */
export function VendorBody(body: z.ZodType): MethodDecorator {
  const { $schema: _, ...schema } = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' });
  return ApiBody({ schema: schema as BodySchema });
}
