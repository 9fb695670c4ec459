import { Injectable } from '@nestjs/common';
import { costHeader, idempotencyKeyHeader, type Identity } from '@parley/contracts';
import { bearerToken } from '@parley/identity';
import { admissionOf } from '@parley/limits';
import { callerSignal } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';
import { usedTokens } from '../call-limits/used-tokens.js';
import type { Dialect } from '../dialects/dialect.js';
import { SessionTurns } from '../session-turns/session-turns.js';
import type { Ask } from './answering.js';
import { hedgeAfterOf, inSession, purposeOf } from './ask-headers.js';
import { nameCut, nameDropped, nameServer, nameTurn } from './headers.js';
import { ModelsAndCircle } from './models-and-circle.js';
import { StreamedAnswers } from './streamed-answers.js';

/** Answers a question in the dialect that it was asked in, whole or streamed, within a session where it names one. */
@Injectable()
export class AnswersService {
  constructor(
    private readonly answering: ModelsAndCircle,
    private readonly turns: SessionTurns,
    private readonly streamed: StreamedAnswers,
  ) {}

  async send(dialect: Dialect, caller: Identity, sent: unknown, reply: FastifyReply): Promise<void> {
    const { headers, raw } = reply.request;
    const { session, body } = inSession(headers, sent);
    const request = dialect.read(body, headers);
    const ask: Ask = {
      caller,
      token: bearerToken(raw),
      dialect: dialect.name,
      request,
      signal: callerSignal(reply.raw),
      purpose: purposeOf(headers),
      idempotencyKey: headers[idempotencyKeyHeader]?.toString(),
      hedgeAfterMs: hedgeAfterOf(headers),
    };
    const answering = session === undefined ? this.answering : this.turns.of(session);
    if (request.stream) return this.streamed.send(dialect, ask, answering, reply);
    const completion = await answering.complete({
      ...ask,
      onServed: (server) => nameServer(reply, server),
      onTurn: (turnId) => nameTurn(reply, turnId),
      onCut: (cut) => nameCut(reply, cut),
    });
    admissionOf(reply.request).spend(usedTokens(completion.tokens), reply);
    nameDropped(reply, request, completion.dropped);
    if (completion.cost !== undefined) void reply.header(costHeader, completion.cost);
    await reply.type('application/json; charset=utf-8').send(dialect.answer(completion, request));
  }
}
