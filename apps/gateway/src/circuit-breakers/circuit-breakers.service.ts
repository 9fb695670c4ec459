import { Injectable } from '@nestjs/common';
import { AppError, type CircuitBreakerAnswer, type CircuitBreakerList, type Identity } from '@parley/contracts';
import { Log } from '@parley/service-kit';
import { breakersOf, type FoundBreaker, type Gathered } from './gathered.js';
import { InstanceBreakers } from './instance-breakers.js';

/** Who asks, with the token that each instance is shown. */
export interface Operator {
  readonly caller: Identity;
  readonly token: string;
}

/** The circuit breakers of the whole platform, as they are when somebody looks. */
@Injectable()
export class CircuitBreakersService {
  constructor(
    private readonly instances: InstanceBreakers,
    private readonly log: Log,
  ) {}

  async list({ token }: Operator): Promise<CircuitBreakerList> {
    const gathered = await this.instances.all(token);
    return { data: breakersOf(gathered).map(({ report }) => report), not_answering: gathered.notAnswering };
  }

  /** @throws AppError circuit_breaker.not_found */
  async get({ token }: Operator, name: string): Promise<CircuitBreakerAnswer> {
    const gathered = await this.instances.all(token);
    const { report } = find(gathered, name);
    return { ...report, not_answering: gathered.notAnswering };
  }

  /** With every instance that holds it. @throws AppError circuit_breaker.not_found, service.unavailable where no holder answers. */
  async reset({ caller, token }: Operator, name: string): Promise<CircuitBreakerAnswer> {
    const before = await this.instances.all(token);
    const { trueName, holders } = find(before, name);
    this.log.warn({ breaker: trueName, subject: caller.subject }, 'a circuit breaker is reset by hand');
    const after = await this.instances.reset(holders, trueName, token);
    if (after.heard.length === 0)
      throw new AppError('service.unavailable', { detail: 'No instance that has it answers' });
    const { report } = find(after, trueName);
    return { ...report, not_answering: [...before.notAnswering, ...after.notAnswering] };
  }
}

/** By the name that is shown, or by the true one for those who know it. */
function find(gathered: Gathered, name: string): FoundBreaker {
  const found = breakersOf(gathered).find(({ trueName, report }) => report.name === name || trueName === name);
  if (found) return found;
  const silent = gathered.notAnswering.length;
  throw new AppError('circuit_breaker.not_found', {
    detail: `No instance has the circuit breaker "${name}"${silent > 0 ? `; ${silent} did not answer` : ''}`,
  });
}
