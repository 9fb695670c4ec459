import { Injectable } from '@nestjs/common';
import { AppError, type Identity } from '@parley/contracts';
import { ConcurrencyLimiter, holderOf, type Place } from '@parley/limits';

/** Nobody can say when a stream will end. */
const retryAfterMs = 1_000;

/** Keys' concurrent streams. */
@Injectable()
export class StreamPlaces {
  constructor(private readonly limiter: ConcurrencyLimiter) {}

  /**
   * Undefined, and nobody asked, for callers whose streams are not limited.
   * @throws AppError request.rate_limited where as many are under way as may be.
   */
  async enter(caller: Identity): Promise<Place | undefined> {
    const limit = caller.concurrentStreams;
    if (limit === undefined) return undefined;
    const place = await this.limiter.enter({ key: `${holderOf(caller)}:streams`, limit });
    if (place) return place;
    throw new AppError('request.rate_limited', { detail: `At most ${limit} streams at a time`, retryAfterMs });
  }
}

/** The stream, whose end gives the place to the next. */
export async function* holding<T>(place: Place, stream: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  try {
    yield* stream;
  } finally {
    place.leave();
  }
}
