import { Injectable } from '@nestjs/common';
import { costHeader, idempotencyKeyHeader, type Identity } from '@parley/contracts';
import { bearerToken } from '@parley/identity';
import { PriceTable } from '@parley/llm';
import { callerSignal, currentRequest } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';
import type { Dialect, StreamEncoder } from '../dialects/dialect.js';
import { SessionTurns } from '../session-turns/session-turns.js';
import type { Answer, Ask } from './answering.js';
import { inSession, purposeOf } from './asked-for.js';
import { droppedHeader } from './headers.js';
import { ModelsAndCircle } from './models-and-circle.js';
import { sendEvents } from './server-sent-events.js';

/** Answers a question in the dialect that it was asked in, whole or streamed, within a session where it names one. */
@Injectable()
export class AnswersService {
  constructor(
    private readonly answering: ModelsAndCircle,
    private readonly turns: SessionTurns,
    private readonly prices: PriceTable,
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
    };
    const answering = session === undefined ? this.answering : this.turns.of(session);
    if (request.stream) return this.stream(dialect, ask, await answering.stream(ask), reply);
    const completion = await answering.complete(ask);
    nameDropped(reply, completion.dropped);
    const cost = this.prices.costOf(completion.model, completion.tokens);
    if (cost !== undefined) void reply.header(costHeader, cost);
    await reply.type('application/json; charset=utf-8').send(dialect.answer(completion));
  }

  private async stream(dialect: Dialect, ask: Ask, { stream, dropped }: Answer, reply: FastifyReply): Promise<void> {
    nameDropped(reply, dropped);
    const encoder = dialect.encoder(ask.request);
    const requestId = currentRequest()?.requestId ?? '';
    await sendEvents(reply, encoded(stream, encoder), (error) => encoder.error(error, requestId));
  }
}

function nameDropped(reply: FastifyReply, dropped: readonly string[]): void {
  if (dropped.length > 0) void reply.header(droppedHeader, dropped.join(', '));
}

async function* encoded(stream: Answer['stream'], encoder: StreamEncoder) {
  for await (const batch of stream) {
    const text = encoder.encode(batch);
    if (text !== '') yield text;
  }
  yield encoder.end();
}
