import type { AccessChange } from '@parley/contracts';

/** Of all tenants together. */
const maxWaiting = 10_000;
const perBatch = 500;

interface Entry {
  readonly text: string;
  readonly until: number;
}

interface Waiting {
  readonly entries: Entry[];
  /** Some were dropped that concern tokens up to then; 0 where none were. */
  readonly lostUntil: number;
}

/** What goes to Redis together. */
export interface Batch {
  readonly tenantId: string;
  readonly texts: readonly string[];
  /** Changes before these were dropped. */
  readonly lost: boolean;
}

/**
 * Changes that wait for Redis, in their order. When there are too many, the tenant with the most loses its own, and that
 * they are lost is what waits instead: no tenant can push out the changes of another.
 */
export class WaitingChanges {
  private readonly tenants = new Map<string, Waiting>();

  add(tenantId: string, changes: readonly AccessChange[]): void {
    const waiting = this.tenants.get(tenantId) ?? { entries: [], lostUntil: 0 };
    for (const change of changes)
      waiting.entries.push({ text: JSON.stringify(change), until: Date.parse(change.until) });
    this.tenants.set(tenantId, waiting);
  }

  /** What to write next, of the tenant that waits longest. */
  next(): Batch | undefined {
    for (const [tenantId, { entries, lostUntil }] of this.tenants)
      return { tenantId, texts: entries.slice(0, perBatch).map(({ text }) => text), lost: lostUntil > 0 };
    return undefined;
  }

  /** The batch that came `next` is written; what is left of the tenant's waits behind the others. */
  written({ tenantId, texts }: Batch): void {
    const entries = this.tenants.get(tenantId)?.entries.slice(texts.length) ?? [];
    this.tenants.delete(tenantId);
    if (entries.length > 0) this.tenants.set(tenantId, { entries, lostUntil: 0 });
  }

  /** Drops what concerns no token any more, and what is too much. Answers the tenants that lost changes. */
  bound(now: number): string[] {
    for (const [tenantId, waiting] of this.tenants) {
      const entries = waiting.entries.filter(({ until }) => until > now);
      const lostUntil = waiting.lostUntil > now ? waiting.lostUntil : 0;
      if (entries.length === 0 && lostUntil === 0) this.tenants.delete(tenantId);
      else this.tenants.set(tenantId, { entries, lostUntil });
    }
    const dropped: string[] = [];
    while (this.size > maxWaiting) dropped.push(this.dropLargest());
    return dropped;
  }

  private get size(): number {
    return Array.from(this.tenants.values(), ({ entries }) => entries.length).reduce((sum, length) => sum + length, 0);
  }

  private dropLargest(): string {
    const [tenantId, { entries, lostUntil }] = Array.from(this.tenants).reduce((most, other) =>
      other[1].entries.length > most[1].entries.length ? other : most,
    );
    const untils = entries.map(({ until }) => until);
    this.tenants.set(tenantId, { entries: [], lostUntil: Math.max(lostUntil, ...untils) });
    return tenantId;
  }
}
