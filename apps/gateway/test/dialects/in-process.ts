import { AppError, isAppError } from '@parley/contracts';
import type { ModelRouter } from '@parley/llm';
import type { ErrorDialect } from '@parley/service-kit';
import type { Dialect } from '../../src/dialects/dialect.js';

type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

async function* encoded(dialect: Dialect, router: ModelRouter, body: unknown): AsyncGenerator<Uint8Array> {
  const request = dialect.read(body, {});
  const encoder = dialect.encoder(request);
  const { stream } = await router.stream(request);
  try {
    for await (const batch of stream) yield Buffer.from(encoder.encode(batch));
    yield Buffer.from(encoder.end());
  } catch (error) {
    yield Buffer.from(encoder.error(error as AppError, 'req_1'));
  }
}

/** Reads as far as the first bytes, so that an early failure is an answer of its own. */
async function streaming(chunks: AsyncGenerator<Uint8Array>): Promise<Response> {
  const first = await chunks.next();
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(first.value as Uint8Array),
    async pull(controller) {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
  });
  return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
}

/** A `fetch` for the official clients that ends in a dialect and a router instead of a socket. */
export function fetchThrough(dialect: Dialect, errors: ErrorDialect, router: ModelRouter): Fetch {
  return async (_url, init) => {
    try {
      const body = JSON.parse(init?.body as string) as { stream?: boolean };
      if (body.stream) return await streaming(encoded(dialect, router, body));
      const request = dialect.read(body, {});
      const { completion } = await router.complete(request);
      return new Response(dialect.answer(completion, request), { headers: { 'content-type': 'application/json' } });
    } catch (error) {
      const known = isAppError(error) ? error : new AppError('service.internal', { cause: error });
      const { body, contentType } = errors(known, 'req_1', {});
      return new Response(body, { status: known.status, headers: { 'content-type': contentType } });
    }
  };
}
