import { applyDecorators } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import { AppError } from '@parley/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { routeConfig, type RouteOptions } from './route-config.js';

const contentType = 'application/x-www-form-urlencoded';

/** The route takes a form in place of JSON, as OAuth wants it. */
export const FormBody = (): MethodDecorator =>
  applyDecorators(routeConfig({ takesForm: true }), ApiConsumes(contentType));

/** @throws AppError request.unsupported_media_type where the route takes the other kind of body. */
export function demandBodyOf(request: FastifyRequest, kind: 'form' | 'json'): void {
  const { takesForm = false } = request.routeOptions.config as RouteOptions;
  if (takesForm === (kind === 'form')) return;
  const detail = `Bodies are ${takesForm ? contentType : 'application/json'}`;
  throw new AppError('request.unsupported_media_type', { detail });
}

/** Forms, on the routes that take them: everywhere else a page of another site could post one without asking. */
export function parseFormBodies(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(contentType, { parseAs: 'string' }, async (request: FastifyRequest, body: string) => {
    demandBodyOf(request, 'form');
    return readForm(body);
  });
}

/**
 * Each parameter once, and those without a value as if they were not there (RFC 6749 §3.2).
 * @throws AppError request.malformed that names one which comes twice.
 */
function readForm(body: string): Readonly<Record<string, string>> {
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body)) {
    if (form.has(name)) throw new AppError('request.malformed', { detail: `The parameter ${name} is there twice` });
    form.set(name, value);
  }
  return Object.fromEntries(Array.from(form).filter(([, value]) => value !== ''));
}
