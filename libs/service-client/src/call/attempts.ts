import { Injectable } from '@nestjs/common';
import { Directory, type Instance } from '@parley/discovery';
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
    // What one chosen instance answers, or does not, says nothing about where other calls should go.
    if (call.instance) return this.ask(call.instance, call, signal);
    const instance = this.directory.choose(call.service, tried);
    tried.add(instance.id);
    const startedAt = this.clock.now();
    const report = (ok: boolean): void => this.directory.report(instance, this.clock.now() - startedAt, ok);
    try {
      const answer = await this.ask(instance, call, signal);
      report(true);
      return answer;
    } catch (error) {
      if (saysNothing(error, signal)) this.directory.release(instance);
      else report(!blames(error) && !isRejected(error));
      throw error;
    }
  }

  /** True while there is an instance that may be asked and has not been. */
  hasOther({ service, instance }: OutgoingCall, tried: ReadonlySet<string>): boolean {
    return instance === undefined && this.directory.instances(service).some(({ id }) => !tried.has(id));
  }

  private ask(instance: Instance, call: OutgoingCall, signal: AbortSignal): Promise<string> {
    const { pool, breaker, bulkhead } = this.targets.of(instance);
    return compose(breaker, bulkhead).execute((inner) => send(pool, call, inner), signal);
  }
}

/** The caller went away, or our own bulkhead was full: no verdict on the instance. */
const saysNothing = (error: unknown, signal: AbortSignal): boolean =>
  (isRejected(error) && error.reason === 'bulkhead_full') || (signal.aborted && !isRejected(signal.reason));
