/** When a key signs and is trusted. It is published from the moment that it is made. */
export interface KeyTimes {
  readonly activatesAt: Date;
  /** Null until its successor is made. */
  readonly retiresAt: Date | null;
}

/** Injectable by this class; everything in milliseconds. */
export class KeySchedule {
  constructor(
    /** For how long a key signs. */
    readonly rotationMs: number,
    /** For how long a key is published before it signs, so that whoever keeps the key set knows it by then. */
    readonly leadMs: number,
    /** For how long a key is trusted after its successor began to sign: no token lives longer. */
    readonly overlapMs: number,
  ) {}

  /** Whether it is time to make the next key. */
  isDue(keys: readonly KeyTimes[], now: Date): boolean {
    if (nextOf(keys, now)) return false;
    const current = currentOf(keys, now);
    return !current || now.getTime() >= current.activatesAt.getTime() + this.rotationMs - this.leadMs;
  }

  /** When a key that is made now signs: at once where nothing else can. */
  activationOf(keys: readonly KeyTimes[], now: Date): Date {
    return currentOf(keys, now) ? new Date(now.getTime() + this.leadMs) : now;
  }

  /** When those before a key may go that signs from then on. */
  retirementOf(activatesAt: Date): Date {
    return new Date(activatesAt.getTime() + this.overlapMs);
  }
}

export type KeyPhase = 'next' | 'current' | 'retiring' | 'retired';

export function phaseOf<K extends KeyTimes>(key: K, keys: readonly K[], now: Date): KeyPhase {
  if (isRetired(key, now)) return 'retired';
  if (key.activatesAt > now) return 'next';
  return key === currentOf(keys, now) ? 'current' : 'retiring';
}

export const isRetired = ({ retiresAt }: KeyTimes, now: Date): boolean => retiresAt !== null && retiresAt <= now;

/** The key that signs: the last to begin. */
export function currentOf<K extends KeyTimes>(keys: readonly K[], now: Date): K | undefined {
  return newest(keys.filter((key) => key.activatesAt <= now && !isRetired(key, now)));
}

/** The key that will sign. */
export function nextOf<K extends KeyTimes>(keys: readonly K[], now: Date): K | undefined {
  return newest(keys.filter((key) => key.activatesAt > now && !isRetired(key, now)));
}

const newest = <K extends KeyTimes>(keys: readonly K[]): K | undefined =>
  keys.toSorted((a, b) => b.activatesAt.getTime() - a.activatesAt.getTime())[0];
