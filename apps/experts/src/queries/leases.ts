import { Injectable } from '@nestjs/common';
import { Database } from '@parley/persistence';
import { Clock, Log } from '@parley/service-kit';
import { keepLease } from './lease.js';
import { QueriesOptions } from './queries.options.js';
import { QueriesRepository, type QueryKey } from './queries.repository.js';

/** Keeps the queries of this instance from being taken for lost. */
@Injectable()
export class Leases {
  constructor(
    private readonly database: Database,
    private readonly repository: QueriesRepository,
    private readonly options: QueriesOptions,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Answers the function that lets go. `onLost` is called when the query runs no more. */
  keep(query: QueryKey, onLost: () => void): () => void {
    const { clock, log } = this;
    const { leaseMs } = this.options;
    const renew = () => this.database.inTenant(query.tenantId, (tx) => this.repository.extend(tx, query));
    return keepLease({ leaseMs, renew, onLost, clock, log });
  }
}
