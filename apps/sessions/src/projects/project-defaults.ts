import { Injectable } from '@nestjs/common';
import { AppError, type ProjectLimits, type TokenCounts } from '@parley/contracts';
import { RateLimiter, type Take } from '@parley/limits';
import type { Transaction } from '@parley/persistence';
import type { Session } from '../sessions/session.js';
import { ProjectsRepository, type StoredProject } from './projects.repository.js';

/** What holds in a session because of its project. */
export type Defaults = Pick<StoredProject, 'model' | 'instructions' | 'limits' | 'concurrency' | 'context'>;

const none: Defaults = { model: null, instructions: null, limits: {}, concurrency: null, context: null };

/** What projects set for their sessions: each session has the limits for itself. */
@Injectable()
export class ProjectDefaults {
  constructor(
    private readonly projects: ProjectsRepository,
    private readonly limiter: RateLimiter,
  ) {}

  async of(tx: Transaction, { tenantId, projectId }: Session): Promise<Defaults> {
    if (projectId === null) return none;
    return (await this.projects.find(tx, tenantId, projectId)) ?? none;
  }

  /** Takes a turn from what the session may ask in a minute. @throws AppError request.rate_limited. */
  async admit(session: Session, { limits }: Defaults): Promise<void> {
    const windows = windowsOf(session, limits);
    if (windows.length === 0) return;
    const { allowed, decisions } = await this.limiter.enter({ windows, streams: [] });
    if (allowed) return;
    const retryAfterMs = Math.max(...decisions.map((decision) => decision.retryAfterMs));
    throw new AppError('request.rate_limited', {
      detail: 'The project limits its sessions by the minute',
      retryAfterMs,
    });
  }

  /** What a turn used is known when it has ended: it is counted after the commit, also over the limit. */
  async charge(tx: Transaction, session: Session, tokens: TokenCounts): Promise<void> {
    const { limits } = await this.of(tx, session);
    if (limits.tokens_per_minute === undefined) return;
    const used = Object.values(tokens).reduce((sum, count) => sum + count, 0);
    tx.afterCommit(() => void this.limiter.charge([tokensKey(session)], used));
  }
}

const requestsKey = ({ tenantId, id }: Session): string => `{${tenantId}}:session:${id}`;
const tokensKey = (session: Session): string => `${requestsKey(session)}:tokens`;

/** Of tokens there must be one left. */
function windowsOf(session: Session, limits: ProjectLimits): Take[] {
  const { requests_per_minute: requests, tokens_per_minute: tokens } = limits;
  return [
    ...(requests === undefined ? [] : [{ key: requestsKey(session), limit: requests }]),
    ...(tokens === undefined ? [] : [{ key: tokensKey(session), limit: tokens, cost: 0 }]),
  ];
}
