import { Injectable } from '@nestjs/common';
import { settingsChanged } from '@parley/contracts';
import { Outbox } from '@parley/messaging';
import type { Transaction } from '@parley/persistence';

/** What tenants set themselves and every call to a model reads. */
export type Setting = 'routes' | 'prices';

type Listener = (tenantId: string) => void;

/** News of changed settings, from this gateway and from all others. */
@Injectable()
export class SettingsChanges {
  private readonly listeners = new Map<string, Listener>();

  constructor(private readonly outbox: Outbox) {}

  /** Once the transaction has committed every gateway drops what it knows of the setting, this one at once. */
  async announce(tx: Transaction, tenantId: string, setting: Setting): Promise<void> {
    await this.outbox.add(tx, settingsChanged, tenantId, { setting });
    tx.afterCommit(() => this.heard(tenantId, setting));
  }

  /** A setting that nobody here keeps is one of a later release. */
  heard(tenantId: string, setting: string): void {
    this.listeners.get(setting)?.(tenantId);
  }

  /** Each setting is kept in one place. */
  on(setting: Setting, listener: Listener): void {
    this.listeners.set(setting, listener);
  }
}
