import type { FastifyReply } from 'fastify';

/** The headers of a stream. Those that come when a heartbeat has sent the others off are comments before its first event. */
export class StreamHeaders {
  private late = '';

  constructor(private readonly reply: FastifyReply) {}

  header(name: string, value: string | number): void {
    if (this.reply.raw.headersSent) this.late += `: ${name}: ${value}\n`;
    else void this.reply.header(name, value);
  }

  /** What there is to be said in the stream itself (WHATWG HTML §9.2.5); empty where the headers have said all. */
  get comments(): string {
    return this.late && `${this.late}\n`;
  }
}
