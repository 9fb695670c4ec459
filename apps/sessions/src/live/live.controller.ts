import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import { AppError, liveFrame, sessionEventsQuery, type Identity, type SessionEventsQuery } from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { callerSignal, currentRequest, ServerSentEvents } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { formats } from './formats.js';
import { LiveReaders } from './live-readers.js';
import { readBookmark, type Bookmark } from './place.js';

/** A comment (WHATWG HTML §9.2.5), which every client of server-sent events leaves out. */
const heartbeat = ': heartbeat\n\n';

const lastEventHeader = 'last-event-id';

@RateLimited()
@Controller('v1/sessions')
export class LiveController {
  constructor(
    private readonly readers: LiveReaders,
    private readonly events: ServerSentEvents,
  ) {}

  @Get(':id/events')
  @Permit('sessions:read')
  @ApiOperation({
    summary: 'Read along what is said in a session, from the start of its newest turn or from where a reader left off',
  })
  @ApiHeader({
    name: lastEventHeader,
    required: false,
    description: 'The id of the last event that was read: the next one follows, whichever instance answers',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({
    description:
      'Server-sent events, each with an id. In the format `parley`, whose data is described here, turn after turn; as ' +
      'OpenAI’s chunks or Anthropic’s events, until the turn has ended',
    standardSchema: liveFrame,
  })
  read(
    @Caller() caller: Identity,
    @Param('id', { schema: z.uuid() }) sessionId: string,
    @Query({ schema: sessionEventsQuery }) { format, last_event_id }: SessionEventsQuery,
    @Headers(lastEventHeader) header: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wish = { sessionId, format, from: bookmarkOf(header || last_event_id) };
    return this.events.send(reply, {
      chunks: this.readers.read(caller, wish, callerSignal(reply.raw)),
      heartbeat,
      onError: (error) => formats[format].encoder(sessionId).error(error, currentRequest()?.requestId ?? ''),
    });
  }
}

/** @throws AppError request.invalid. */
function bookmarkOf(lastEventId: string | undefined): Bookmark | undefined {
  if (!lastEventId) return undefined;
  const bookmark = readBookmark(lastEventId);
  if (bookmark) return bookmark;
  throw new AppError('request.invalid', {
    fields: [{ path: 'last_event_id', message: 'is not the id of an event of a live stream' }],
  });
}
