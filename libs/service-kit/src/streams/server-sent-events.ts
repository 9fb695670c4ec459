import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { AppError, isAppError } from '@parley/contracts';
import type { FastifyReply } from 'fastify';
import { Clock } from '../clock.js';
import { currentRequest } from '../request/request-context.js';
import { Heartbeat } from './heartbeat.js';
import { StreamBounds } from './stream-bounds.js';

/** What a reader is sent. */
export interface EventSource {
  readonly chunks: AsyncGenerator<string, void, void>;
  /** For while there is nothing else to say. */
  readonly heartbeat: string;
  /** The last event of an answer that broke off. */
  readonly onError: (error: AppError) => string;
}

/** Sends text/event-stream (WHATWG HTML §9.2). */
@Injectable()
export class ServerSentEvents {
  constructor(
    private readonly bounds: StreamBounds,
    private readonly clock: Clock,
  ) {}

  /**
   * A slow reader holds back the source. A failure before anything was sent is thrown and answered as any other; after
   * it, it becomes an event. The first heartbeat sends the status too: proxies cut off who keeps silent before as well.
   */
  async send(reply: FastifyReply, source: EventSource): Promise<void> {
    await this.sendAll(reply, source);
    await this.untilTaken(reply.raw, 'finish');
  }

  private async sendAll(reply: FastifyReply, { chunks, heartbeat, onError }: EventSource): Promise<void> {
    const response = reply.raw;
    const beats = new Heartbeat(this.clock, this.bounds.heartbeatMs, () => sendBeat(reply, heartbeat));
    try {
      for (let next = await chunks.next(); ; next = await chunks.next()) {
        begin(reply);
        if (next.done === true || response.destroyed) return;
        beats.heard();
        if (!response.write(next.value) && !(await this.untilTaken(response, 'drain'))) return;
      }
    } catch (error) {
      if (!response.headersSent) throw error;
      breakOff(response, error, onError);
    } finally {
      beats.stop();
      if (response.headersSent) response.end();
      await chunks.return();
    }
  }

  /** True when the reader has caught up, false when it has gone, which one who takes nothing for too long is made to. */
  private untilTaken(response: ServerResponse, event: 'drain' | 'finish'): Promise<boolean> {
    return new Promise((resolve) => {
      if (response.destroyed || response.writableFinished) {
        resolve(!response.destroyed);
        return;
      }
      const stop = this.clock.setTimeout(() => response.destroy(), this.bounds.readerTimeoutMs);
      const done = () => {
        stop();
        response.off(event, done).off('close', done);
        resolve(!response.destroyed);
      };
      response.once(event, done).once('close', done);
    });
  }
}

/** None for a reader who has not taken what was sent before. */
function sendBeat(reply: FastifyReply, heartbeat: string): void {
  if (reply.raw.destroyed || reply.raw.writableNeedDrain) return;
  begin(reply);
  reply.raw.write(heartbeat);
}

function breakOff(response: ServerResponse, error: unknown, onError: EventSource['onError']): void {
  currentRequest()?.log.warn({ err: error }, 'an answer broke off');
  const known = isAppError(error) ? error : new AppError('service.internal', { cause: error });
  if (!response.destroyed) response.write(onError(known));
}

/** Takes the answer out of Fastify's hands, with the headers that guards and hooks have set. */
function begin(reply: FastifyReply): void {
  if (reply.raw.headersSent) return;
  reply.hijack();
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
}
