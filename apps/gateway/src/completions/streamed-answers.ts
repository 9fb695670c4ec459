import { Injectable } from '@nestjs/common';
import type { StreamEncoder } from '@parley/dialects';
import { admissionOf } from '@parley/limits';
import { currentRequest, ServerSentEvents } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';
import type { Dialect } from '../dialects/dialect.js';
import type { Answer, Answering, Ask } from './answering.js';
import { nameCut, nameDropped, nameServer, nameTurn } from './headers.js';
import { StreamHeaders } from './stream-headers.js';

/** A comment (WHATWG HTML §9.2.5), which every client of server-sent events leaves out. */
const comment = ': heartbeat\n\n';

/** Answers as server-sent events, in the dialect that was asked in. */
@Injectable()
export class StreamedAnswers {
  constructor(private readonly events: ServerSentEvents) {}

  async send(dialect: Dialect, asked: Ask, answering: Answering, reply: FastifyReply): Promise<void> {
    const headers = new StreamHeaders(reply);
    // Before a heartbeat can send the headers without it.
    nameDropped(headers, asked.request);
    const ask: Ask = {
      ...asked,
      onServed: (server) => nameServer(headers, server),
      onTurn: (turnId) => nameTurn(headers, turnId),
      onCut: (cut) => nameCut(headers, cut),
    };
    const encoder = dialect.encoder(ask.request);
    const requestId = currentRequest()?.requestId ?? '';
    const begun = () => begin(ask, answering, reply);
    await this.events.send(reply, {
      chunks: chunks(ask, begun, encoder, headers),
      heartbeat: dialect.heartbeat ?? comment,
      onError: (error) => encoder.error(error, requestId),
    });
  }
}

async function* chunks(ask: Ask, begin: () => Promise<Answer>, encoder: StreamEncoder, headers: StreamHeaders) {
  const { stream, dropped } = await begin();
  if (dropped.length > 0) nameDropped(headers, ask.request, dropped);
  if (headers.comments !== '') yield headers.comments;
  for await (const batch of stream) {
    const text = encoder.encode(batch);
    if (text !== '') yield text;
  }
  yield encoder.end();
}

/** With its lease of a stream; one that never began leaves it here. */
async function begin(ask: Ask, answering: Answering, reply: FastifyReply): Promise<Answer> {
  const lease = admissionOf(reply.request).takeLease();
  try {
    return await answering.stream({ ...ask, lease });
  } catch (error) {
    lease?.leave();
    throw error;
  }
}
