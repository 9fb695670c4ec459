import { isAppError } from '@parley/contracts';

/** A stream is measured by its first byte, a plain answer whole: the two are never compared. */
export type AnswerKind = 'stream' | 'plain';

/** A measurement of this age has lost all but e⁻¹ of its weight, so that what was slow once is tried again. */
const memoryMs = 60_000;
/** What the newest answer counts at least. */
const minimumWeight = 0.2;
/** Who failed is avoided so long, doubled with each further failure in a row, up to the second number. */
const avoidMs = 1_000;
const maxAvoidMs = 30_000;

interface Measured {
  readonly ms: number;
  readonly at: number;
}

/** How one model of a provider has answered lately: how soon, how many at a time, and whether at all. */
export class Pace {
  /** Asked, and not answered yet. */
  waiting = 0;
  askedAt = 0;
  private failures = 0;
  private avoidUntil = 0;
  private readonly measured: Partial<Record<AnswerKind, Measured>> = {};

  begin(now: number): void {
    this.waiting += 1;
    this.askedAt = now;
  }

  answered(kind: AnswerKind, now: number, ms: number): void {
    this.waiting -= 1;
    this.failures = 0;
    this.avoidUntil = 0;
    const before = this.measured[kind];
    const weight = before ? Math.max(minimumWeight, 1 - fade(now - before.at)) : 1;
    this.measured[kind] = { ms: (before?.ms ?? 0) * (1 - weight) + ms * weight, at: now };
  }

  /** A limit that was met says itself how long it lasts. */
  failed(now: number, error: unknown): void {
    this.waiting -= 1;
    this.failures += 1;
    const askedMs = isAppError(error) ? (error.text.retryAfterMs ?? 0) : 0;
    this.avoidUntil = now + Math.min(Math.max(avoidMs * 2 ** (this.failures - 1), askedMs), maxAvoidMs);
  }

  /** Ends a call that says nothing of the provider. */
  left(): void {
    this.waiting -= 1;
  }

  /** True for a while after a failure. */
  isAvoided(now: number): boolean {
    return now < this.avoidUntil;
  }

  /**
   * The time to expect. It fades while nobody asks, so that one caller tries again what was slow: to the others it is as
   * slow as ever until that caller has an answer. What nobody has measured is tried by one, too.
   */
  expectedMs(kind: AnswerKind, now: number): number {
    const measured = this.measured[kind];
    if (!measured) return this.waiting === 0 ? 0 : Infinity;
    return measured.ms * fade(now - Math.max(measured.at, this.askedAt));
  }
}

const fade = (ageMs: number): number => Math.exp(-Math.max(0, ageMs) / memoryMs);
