import type { Completion, CompletionRequest } from '@parley/contracts';
import type { StreamEncoder } from '@parley/dialects';
import type { LimitHeaders } from '@parley/limits';
import type { IncomingHttpHeaders } from 'node:http';

/** One vendor’s way to ask a model and to be answered, as its SDKs speak it. */
export interface Dialect {
  readonly name: 'openai' | 'anthropic';
  /** @throws AppError request.invalid, naming each field that does not fit or is not known. */
  read(body: unknown, headers: IncomingHttpHeaders): CompletionRequest;
  /** The JSON text of a whole answer. */
  answer(completion: Completion, request: CompletionRequest): string;
  encoder(request: CompletionRequest): StreamEncoder;
  /** Sent while a stream has nothing to say; default a comment. */
  readonly heartbeat?: string;
  /** How the vendor tells of its limits. */
  readonly limitHeaders: LimitHeaders;
}
