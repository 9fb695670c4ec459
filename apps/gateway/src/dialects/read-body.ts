import { AppError, type FieldError } from '@parley/contracts';
import type { z } from 'zod';

const maxNamed = 20;

type Issue = z.core.$ZodIssue;

const join = (path: readonly PropertyKey[]): string => path.map(String).join('.');

/** Of a union’s branches, the one that came furthest is what the caller meant. */
function closest(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const depth = (issues: readonly Issue[]): number => Math.max(...issues.map(({ path }) => path.length));
  const isUnknownField = (issues: readonly Issue[]): number =>
    issues.some(({ code }) => code === 'unrecognized_keys') ? 0.5 : 0;
  return branches.toSorted((a, b) => depth(b) + isUnknownField(b) - depth(a) - isUnknownField(a))[0] ?? [];
}

function fieldErrors(issues: readonly Issue[], prefix: readonly PropertyKey[] = []): FieldError[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: join([...path, key]), message: 'is not a known field' }));
    }
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const inner = fieldErrors(closest(issue.errors), path);
      if (inner.length > 0) return inner;
    }
    return [{ path: join(path), message: issue.message }];
  });
}

/** @throws AppError request.invalid, naming each field that does not fit or is not known. */
export function readBody<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const fields = fieldErrors(result.error.issues).slice(0, maxNamed);
  const detail = fields.map(({ path, message }) => `${path || 'body'}: ${message}`).join('; ');
  throw new AppError('request.invalid', { detail, fields });
}
