import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation } from '@nestjs/swagger';
import {
  askedInHeader,
  expertQuery,
  expertQueryPage,
  expertQuestion,
  idempotencyKeyDescription,
  idempotencyKeyHeader,
  idempotencyKeyOf,
  pageQuery,
  type ExpertQuery,
  type ExpertQueryPage,
  type ExpertQuestion,
  type Identity,
  type PageQuery,
} from '@parley/contracts';
import { bearerToken, Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { callerSignal, Returns } from '@parley/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { QueriesService } from './queries.service.js';
import { QueryArchive } from './query-archive.js';

@RateLimited()
@Controller('v1/experts/queries')
export class QueriesController {
  constructor(
    private readonly queries: QueriesService,
    private readonly archive: QueryArchive,
  ) {}

  /**
   * Waits until every expert has answered or run out of time. With an Idempotency-Key the same question is asked once:
   * a repeat is answered with the query as it is, running or not.
   */
  @Post()
  @Permit('experts:query')
  @ApiOperation({ summary: 'Ask the circle of experts' })
  @ApiHeader({ name: idempotencyKeyHeader, required: false, description: idempotencyKeyDescription })
  @Returns(200, expertQuery)
  ask(
    @Caller() caller: Identity,
    @Body({ schema: expertQuestion }) question: ExpertQuestion,
    @Req() { raw, headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExpertQuery> {
    const signal = callerSignal(reply.raw);
    return this.queries.ask(caller, question, {
      token: bearerToken(raw),
      idempotencyKey: idempotencyKeyOf(headers),
      askedIn: headers[askedInHeader]?.toString(),
      signal,
    });
  }

  @Get()
  @Permit('experts:read')
  @ApiOperation({ summary: 'List what the circle was asked, newest first' })
  @Returns(200, expertQueryPage)
  list(@Caller() caller: Identity, @Query({ schema: pageQuery }) query: PageQuery): Promise<ExpertQueryPage> {
    return this.archive.list(caller, query);
  }

  @Get(':id')
  @Permit('experts:read')
  @ApiOperation({ summary: 'Read a query, with the answers that have come' })
  @Returns(200, expertQuery)
  get(@Caller() caller: Identity, @Param('id', { schema: z.uuid() }) id: string): Promise<ExpertQuery> {
    return this.archive.get(caller, id);
  }
}
