import { AppError } from '@parley/contracts';
import type { AnswerView, Ending, LiveTurn } from './answer-view.js';
import type { LiveEncoder } from './frame-encoder.js';
import { isBefore, nothing, theEnd, writeBookmark, type Bookmark, type Place } from './place.js';
import { nextStep, type Step } from './steps.js';

/** Told at once, in characters: a reader that is far behind is given its answer in such portions. */
const portion = 65_536;

/**
 * One reader on its way through the answer of one turn. Whoever resumes goes the whole way anew, so that the encoder knows
 * all that it knew, and is told only what lies behind the bookmark. It keeps nothing of the answer: a reader that is slow
 * is told more at a time.
 */
export class Reading {
  private place: Place = nothing;
  private skip: number;
  private readonly bound: Place;

  constructor(
    private readonly turn: LiveTurn,
    private readonly encoder: LiveEncoder,
    private readonly requestId: string,
    resumed?: Bookmark,
  ) {
    this.bound = resumed?.place ?? nothing;
    this.skip = resumed?.frames ?? 0;
  }

  /** Whether the reader was told, now or before, that the answer ended. */
  get ended(): boolean {
    return this.place === theEnd;
  }

  /** The frames of what has come since the last call, or the next portion of them; empty where nothing has. */
  next(answer: AnswerView): string {
    let text = '';
    for (let step = this.step(answer); step; step = text.length < portion ? this.step(answer) : undefined)
      text += this.tell(step);
    return text;
  }

  private step(answer: AnswerView): Step | undefined {
    return nextStep(this.turn, answer, this.place, this.bound);
  }

  /** Each frame with the place behind it as its id. */
  private tell(step: Step): string {
    const { place: from, skip } = this;
    const frames = this.write(step).match(/.+?\n\n/gs) ?? [];
    this.place = step.to;
    if (!isBefore(this.bound, step.to)) return '';
    this.skip = 0;
    const turnId = this.turn.id;
    const idOf = (number: number): string =>
      number < frames.length
        ? writeBookmark({ turnId, place: from, frames: number })
        : writeBookmark({ turnId, place: step.to, frames: 0 });
    return frames
      .map((frame, index) => `id: ${idOf(index + 1)}\n${frame}`)
      .slice(skip)
      .join('');
  }

  private write(step: Step): string {
    switch (step.kind) {
      case 'turn':
        return this.encoder.turn(this.turn);
      case 'events':
        return this.encoder.encode(step.events);
      case 'end':
        return this.end(step.ending);
    }
  }

  private end(ending: Ending): string {
    if (ending.kind === 'broken') return this.encoder.error(new AppError(ending.code), this.requestId);
    const { stop, tokens } = ending;
    return (
      this.encoder.encode([
        { type: 'stop', stop },
        { type: 'end', tokens },
      ]) + this.encoder.end()
    );
  }
}
