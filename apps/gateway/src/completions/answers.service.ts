import { Injectable } from '@nestjs/common';
import type { Identity } from '@parley/contracts';
import { currentRequest } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';
import type { Dialect, StreamEncoder } from '../dialects/dialect.js';
import { CompletionsService, type Ask } from './completions.service.js';
import { callerSignal, sendEvents } from './server-sent-events.js';

/** Answers a question in the dialect that it was asked in, whole or streamed. */
@Injectable()
export class AnswersService {
  constructor(private readonly completions: CompletionsService) {}

  async send(dialect: Dialect, caller: Identity, body: unknown, reply: FastifyReply): Promise<void> {
    const request = dialect.read(body, reply.request.headers);
    const ask: Ask = { caller, dialect: dialect.name, request, signal: callerSignal(reply.raw) };
    if (request.stream) return this.stream(dialect, ask, reply);
    const completion = await this.completions.complete(ask);
    nameDropped(reply, completion.dropped);
    await reply.type('application/json; charset=utf-8').send(dialect.answer(completion));
  }

  private async stream(dialect: Dialect, ask: Ask, reply: FastifyReply): Promise<void> {
    const { stream, dropped } = await this.completions.stream(ask);
    nameDropped(reply, dropped);
    const encoder = dialect.encoder(ask.request);
    const requestId = currentRequest()?.requestId ?? '';
    await sendEvents(reply, encoded(stream, encoder), (error) => encoder.error(error, requestId));
  }
}

/** Fields of the request that the provider cannot carry and that do no harm by being left out. */
function nameDropped(reply: FastifyReply, dropped: readonly string[]): void {
  if (dropped.length > 0) void reply.header('x-parley-dropped', dropped.join(', '));
}

async function* encoded(stream: Awaited<ReturnType<CompletionsService['stream']>>['stream'], encoder: StreamEncoder) {
  for await (const batch of stream) {
    const text = encoder.encode(batch);
    if (text !== '') yield text;
  }
  yield encoder.end();
}
