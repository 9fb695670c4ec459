import { AppError } from '@parley/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { demandBodyOf } from './form-body.js';

type Done = (error: Error | null, body?: unknown) => void;

/** Values within values. What is nested deeper overflows the stack of whatever walks it, `JSON.stringify` first. */
const maxDepth = 500;

/**
 * The content type of all routes but a few: JSON, refusing keys that would reach an object's prototype, and what is nested deeper
 * than anybody means. An empty body is
 * `undefined`: whether it is wanted is for the route's schema to say.
 */
export function parseJsonBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error') as (r: FastifyRequest, body: string, done: Done) => void;
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done: Done) => {
    demandBodyOf(request, 'json');
    if (body === '') done(null, undefined);
    else
      parse(request, body, (error, value) => {
        if (error) done(malformed(body, error));
        else if (body.length > 2 * maxDepth && isDeeper(value, maxDepth)) done(tooDeep());
        else done(null, value);
      });
  });
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

const tooDeep = () =>
  new AppError('request.malformed', { detail: `The JSON is nested more than ${maxDepth} levels deep` });

/** Fastify's error does not say what is wrong with the JSON; the caller gets to know where it breaks off. */
function malformed(body: string, cause: Error): AppError {
  try {
    JSON.parse(body);
    return new AppError('request.malformed', { detail: 'A key of the body is not allowed', cause });
  } catch (error) {
    const position = /position \d+( \(line \d+ column \d+\))?/.exec(String(error))?.[0];
    return new AppError('request.malformed', {
      detail: position === undefined ? 'The JSON ends too early' : `The JSON is not valid at ${position}`,
      cause,
    });
  }
}
