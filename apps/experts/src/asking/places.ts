import { Injectable } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import { Metrics } from '@parley/service-kit';
import { Circle } from '../circle/circle.js';
import { AskingOptions } from './asking.options.js';

/** When the next of many queries is likely to have ended. */
const retryAfterMs = 2_000;

/** Bounds the experts in flight. A query gets places for the whole circle or none: half a circle has no majority. */
@Injectable()
export class Places {
  private taken = 0;

  constructor(
    private readonly options: AskingOptions,
    private readonly circle: Circle,
    metrics: Metrics,
  ) {
    metrics.gauge({
      name: 'experts_in_flight',
      help: 'Experts of the queries that run',
      collect: (gauge) => gauge.with({}).set(this.taken),
    });
  }

  /** Answers the function that gives them back. @throws AppError service.overloaded when there are too few. */
  take(): () => void {
    const { length } = this.circle.experts;
    if (this.taken + length > this.options.maxConcurrent) throw new AppError('service.overloaded', { retryAfterMs });
    this.taken += length;
    return () => {
      this.taken -= length;
    };
  }
}
