import { Injectable } from '@nestjs/common';
import { Directory } from '@parley/discovery';
import { compose, isRejected } from '@parley/resilience';
import { Clock } from '@parley/service-kit';
import { blames } from '../failure.js';
import { Targets } from '../targets/targets.js';
import { send, type OutgoingCall } from './outgoing.js';

/** Single tries of calls, each at the instance that should answer soonest. */
@Injectable()
export class Attempts {
  constructor(
    private readonly directory: Directory,
    private readonly targets: Targets,
    private readonly clock: Clock,
  ) {}

  /** Adds the instance to `tried`, which are avoided while there are others. */
  async once(call: OutgoingCall, tried: Set<string>, signal: AbortSignal): Promise<string> {
    const instance = this.directory.choose(call.service, tried);
    tried.add(instance.id);
    const { pool, breaker, bulkhead } = this.targets.of(instance);
    const startedAt = this.clock.now();
    const report = (ok: boolean): void => this.directory.report(instance, this.clock.now() - startedAt, ok);
    try {
      const answer = await compose(breaker, bulkhead).execute((inner) => send(pool, call, inner), signal);
      report(true);
      return answer;
    } catch (error) {
      if (saysNothing(error, signal)) this.directory.release(instance);
      else report(!blames(error) && !isRejected(error));
      throw error;
    }
  }

  /** True while there is an instance that has not been tried. */
  hasOther(service: string, tried: ReadonlySet<string>): boolean {
    return this.directory.instances(service).some(({ id }) => !tried.has(id));
  }
}

/** The caller went away, or our own bulkhead was full: no verdict on the instance. */
const saysNothing = (error: unknown, signal: AbortSignal): boolean =>
  (isRejected(error) && error.reason === 'bulkhead_full') || (signal.aborted && !isRejected(signal.reason));
