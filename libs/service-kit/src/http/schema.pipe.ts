import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import type { z } from 'zod';
import { fieldErrors } from '../errors/field-errors.js';

/**
 * Parses what carries a schema: `@Body({ schema })`, `@Query({ schema })`, `@Param('id', { schema })`. Nest's own
 * StandardSchemaValidationPipe walks the whole body once more for keys that our JSON parser has already refused.
 */
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, { schema, data, type }: ArgumentMetadata): unknown {
    if (!schema) return value;
    const result = schema['~standard'].validate(value);
    return result instanceof Promise
      ? result.then((settled) => unwrap(settled, data, type))
      : unwrap(result, data, type);
  }
}

type Result = { readonly value?: unknown; readonly issues?: readonly unknown[] | undefined };

function unwrap(result: Result, data: string | undefined, type: ArgumentMetadata['type']): unknown {
  if (!result.issues) return result.value;
  // Our schemas are zod's, whose issues say more than the standard asks for.
  const fields = fieldErrors(result.issues as z.core.$ZodIssue[], data === undefined ? [] : [data]);
  throw new AppError('request.invalid', { fields, detail: sentences[type] });
}

const sentences: Record<ArgumentMetadata['type'], string> = {
  body: 'The body does not fit its schema',
  query: 'The query does not fit its schema',
  param: 'The path does not fit its schema',
  custom: 'The request does not fit its schema',
};
