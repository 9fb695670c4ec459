import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import { RejectedError } from '@parley/resilience';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import {
  BodyLimit,
  currentRequest,
  FormBody,
  Log,
  Returns,
  traceHeaders,
  UseErrorDialect,
  type ErrorDialect,
} from '../../src/index.js';

const createThing = z.strictObject({
  name: z.string().max(20),
  size: z.strictObject({ unit: z.enum(['m', 'km']), length: z.number() }).optional(),
  tags: z.array(z.string()).optional(),
});
const thing = z.strictObject({ name: z.string(), note: z.string().nullable(), at: z.iso.datetime().optional() });
const listQuery = z.strictObject({ limit: z.coerce.number().int().max(100).default(10) });

export const plainDialect: ErrorDialect = ({ code }, requestId) => ({
  contentType: 'text/plain',
  body: `${code} ${requestId}`,
});

/** What the routes below can be made to fail with. */
const failures: Readonly<Record<string, () => unknown>> = {
  unforeseen: () => new Error('password=hunter2'),
  unavailable: () =>
    new AppError('service.unavailable', { detail: 'Soon', internal: 'db-1 is down', retryAfterMs: 2_001 }),
  limited: () => new AppError('request.rate_limited'),
  unauthenticated: () => new AppError('request.unauthenticated'),
  full: () => new RejectedError('bulkhead_full', 'provider'),
  open: () => new RejectedError('breaker_open', 'provider', 4_200),
  late: () => new RejectedError('timeout', 'provider'),
  upstream: () => Object.assign(new Error('the call answered 404'), { statusCode: 404, status: 404 }),
};

@Controller('things')
export class ThingsController {
  constructor(@Inject(Log) private readonly log: Log) {}

  @Post()
  @Returns(201, thing)
  create(@Body({ schema: createThing }) body: z.infer<typeof createThing>) {
    return { name: body.name, note: null, secret: 'never leaves' };
  }

  @Post('small')
  @BodyLimit(16)
  @Returns(200)
  small(@Body() body: unknown) {
    return body;
  }

  @Post('form')
  @FormBody()
  @Returns(200)
  form(@Body() body: unknown) {
    return body;
  }

  @Post('poke')
  @Returns(204)
  poke(): void {
    return;
  }

  @Get()
  list(@Query({ schema: listQuery }) query: z.infer<typeof listQuery>) {
    return query;
  }

  @Get('context')
  async context() {
    this.log.info({ token: 'hunter2' }, 'looked');
    await Promise.resolve();
    const request = currentRequest();
    if (request) request.tenantId = 'tenant-1';
    return { ...traceHeaders(), request_id: request?.requestId, remaining_ms: request?.deadline?.remainingMs };
  }

  @Get('failures/:kind')
  fail(@Param('kind') kind: string): never {
    throw failures[kind]?.();
  }

  @Get('half')
  half(@Res() reply: FastifyReply): never {
    reply.hijack();
    reply.raw.write('{"half":');
    throw new Error('lost the rest');
  }

  @Get('never')
  never(): Promise<never> {
    this.log.info('waiting');
    return new Promise(() => undefined);
  }

  @Get(':id')
  get(@Param('id', { schema: z.uuid() }) id: string) {
    return { id };
  }
}

@Controller('plain')
@UseErrorDialect(plainDialect)
export class PlainController {
  @Get()
  get(): never {
    throw new AppError('model.not_found');
  }

  @Post()
  post(@Body({ schema: createThing }) body: unknown) {
    return body;
  }
}
