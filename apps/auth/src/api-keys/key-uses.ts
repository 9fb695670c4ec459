import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, Log, RecurringTask, Shutdown } from '@parley/service-kit';
import type { StoredApiKey } from './api-key.js';
import { ApiKeysRepository } from './api-keys.repository.js';

/** How exact `last_used_at` is. */
const resolutionMs = 60_000;
const writeEveryMs = 1_000;

/**
 * Keeps when keys were last used: noted in memory, and written aside once a second, so that no caller waits for it. What
 * cannot be written is forgotten; a key that goes on being used is noted again.
 */
@Injectable()
export class KeyUses implements OnApplicationBootstrap {
  private noted = new Map<string, Pick<StoredApiKey, 'id' | 'tenantId'>>();

  constructor(
    private readonly repository: ApiKeysRepository,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly shutdown: Shutdown,
  ) {}

  onApplicationBootstrap(): void {
    const { clock, log, shutdown } = this;
    const complaint = 'when API keys were last used could not be written';
    const run = (): Promise<void> => this.write();
    new RecurringTask({ clock, log, shutdown, everyMs: writeEveryMs, run, complaint }).start();
    shutdown.register('work', run);
  }

  note({ id, tenantId, lastUsedAt }: StoredApiKey): void {
    if (lastUsedAt && this.clock.now() - lastUsedAt.getTime() < resolutionMs) return;
    this.noted.set(id, { id, tenantId });
  }

  private async write(): Promise<void> {
    const now = new Date(this.clock.now());
    const { noted } = this;
    this.noted = new Map();
    for (const [tenantId, keys] of Map.groupBy(noted.values(), (key) => key.tenantId)) {
      const ids = keys.map(({ id }) => id);
      await this.repository.inTenant(tenantId, (tx) => this.repository.used(tx, tenantId, ids, now));
    }
  }
}
