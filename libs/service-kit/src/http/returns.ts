import { applyDecorators, HttpCode } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

/**
 * What a route answers when all goes well: its status, and the schema that documents and writes the body. Fastify
 * compiles the schema once; properties that it does not name never leave. Without a schema there is no body.
 */
export function Returns(status: number, schema?: z.ZodType): MethodDecorator {
  const code = HttpCode(status);
  if (!schema) return applyDecorators(code, ApiResponse({ status, description: 'Done' }));
  const json = z.toJSONSchema(schema, { target: 'draft-7', io: 'output' });
  return applyDecorators(
    code,
    RouteSchema({ response: { [status]: json } }),
    ApiResponse({ status, standardSchema: schema, description: schema.description ?? 'The answer' }),
  );
}
