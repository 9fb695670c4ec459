import type { Question } from './question.ts';
import type { Reply } from './reply.ts';

/** How one vendor’s requests are read and its answers written. */
export interface Wire {
  /** @throws TypeError when the body is no request of this vendor’s. */
  read(body: Readonly<Record<string, unknown>>): Question;
  whole(reply: Reply, question: Question): string;
  /** The events of a streamed answer, one text each; the last ones end it. */
  events(reply: Reply, question: Question): string[];
  error(status: number, message: string): string;
  /** An error in the middle of a stream. */
  errorEvent(): string;
  models(): string;
  model(id: string): string;
}
