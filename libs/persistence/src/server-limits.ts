import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@parley/service-kit';
import pg from 'pg';
import { isUnavailable } from './database-errors.js';
import type { ServerLimits } from './pool-size.js';
import type { Tls } from './tls.js';

export interface AwaitServerOptions {
  readonly url: string;
  readonly tls: Tls;
  readonly log: Log;
  /** How long a start waits for a server that is not there yet; default 30,000 ms. */
  readonly patienceMs?: number;
}

const retryMs = 500;

/**
 * Asks the server for its limits, waiting for one that is still starting; any other refusal (password, no such
 * database) fails at once.
 */
export async function awaitServer(options: AwaitServerOptions): Promise<ServerLimits> {
  const giveUpAt = Date.now() + (options.patienceMs ?? 30_000);
  for (let attempt = 1; ; attempt++) {
    try {
      return await askLimits(options);
    } catch (err) {
      if (!isUnavailable(err) || Date.now() >= giveUpAt) throw err;
      if (attempt === 1) options.log.warn({ err }, 'waiting for the database');
      await sleep(retryMs);
    }
  }
}

async function askLimits({ url, tls }: AwaitServerOptions): Promise<ServerLimits> {
  const client = new pg.Client({ connectionString: url, ssl: tls, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    const { rows } = await client.query<ServerLimits>(
      `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as connections`,
    );
    return rows[0] ?? { connections: 100 };
  } finally {
    await client.end();
  }
}
