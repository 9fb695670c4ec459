import { Injectable } from '@nestjs/common';
import { admissionOf } from '@parley/limits';
import { currentRequest } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';
import type { Dialect, StreamEncoder } from '../dialects/dialect.js';
import type { Answer, Answering, Ask } from './answering.js';
import { nameDropped } from './headers.js';
import { ServerSentEvents } from './server-sent-events.js';

/** A comment (WHATWG HTML §9.2.5), which every client of server-sent events leaves out. */
const comment = ': heartbeat\n\n';

/** Answers as server-sent events, in the dialect that was asked in. */
@Injectable()
export class StreamedAnswers {
  constructor(private readonly events: ServerSentEvents) {}

  async send(dialect: Dialect, ask: Ask, answering: Answering, reply: FastifyReply): Promise<void> {
    const encoder = dialect.encoder(ask.request);
    const requestId = currentRequest()?.requestId ?? '';
    await this.events.send(reply, {
      chunks: this.chunks(ask, answering, encoder, reply),
      heartbeat: dialect.heartbeat ?? comment,
      onError: (error) => encoder.error(error, requestId),
    });
  }

  private async *chunks(ask: Ask, answering: Answering, encoder: StreamEncoder, reply: FastifyReply) {
    const { stream, dropped } = await begin(ask, answering, reply);
    nameDropped(reply, ask.request, dropped);
    for await (const batch of stream) {
      const text = encoder.encode(batch);
      if (text !== '') yield text;
    }
    yield encoder.end();
  }
}

/** With its place among the streams; one that never began leaves it here. */
async function begin(ask: Ask, answering: Answering, reply: FastifyReply): Promise<Answer> {
  const place = admissionOf(reply.request).takePlace();
  try {
    return await answering.stream({ ...ask, place });
  } catch (error) {
    place?.leave();
    throw error;
  }
}
