import type { RedisConnection } from '@parley/cache';
import type { Redis, Result } from 'ioredis';
import { admissionScript } from './admission-script.js';
import type { AskedWindow } from './local-windows.js';
import { nameOfLeases, type Held } from './redis-leases.js';
import type { State, Taken } from './sliding-window.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    admit(keys: number, ...keysAndArguments: (string | number)[]): Result<number[], Context>;
  }
}

/** Whether a call was let in, and how many were in each of its sets before it. */
export interface Admitted extends Taken {
  readonly inside: readonly number[];
}

/** Calls that ask alike and go to Redis together. */
interface Together {
  calls: number;
  readonly reply: Promise<Reply>;
}

interface Reply extends Omit<Admitted, 'allowed'> {
  /** So many of the calls. */
  readonly allowed: number;
}

const nothingHeld: Held = { id: '', sets: [] };

/**
 * Windows and leases in Redis, shared by all instances. The calls that ask the same windows in one turn of the event loop
 * are one command: under load dozens of them, each of which would cost the service and Redis as much as all together.
 */
export class RedisAdmissions {
  private readonly gathering = new Map<string, Together>();

  constructor(
    private readonly redis: RedisConnection,
    private readonly leaseMs: number,
  ) {
    redis.client.defineCommand('admit', { lua: admissionScript });
  }

  /** @throws when Redis does not answer: at once where that is known already. */
  async ask(windows: readonly AskedWindow[], held: Held | undefined): Promise<Admitted> {
    if (held) {
      const reply = await this.send(windows, 1, held);
      return { ...reply, allowed: reply.allowed > 0 };
    }
    const together = this.join(windows);
    const place = ++together.calls;
    const { allowed, states, inside } = await together.reply;
    // As if each had asked by itself: those that fit went first.
    const after = Math.max(0, allowed - place);
    return { allowed: place <= allowed, states: after === 0 ? states : before(after, states, windows), inside };
  }

  private join(windows: readonly AskedWindow[]): Together {
    const name = windows.map(nameOf).join('\n');
    const known = this.gathering.get(name);
    if (known) return known;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    const together: Together = { calls: 0, reply: promise };
    this.gathering.set(name, together);
    setImmediate(() => {
      this.gathering.delete(name);
      resolve(this.send(windows, together.calls, nothingHeld));
    });
    return together;
  }

  private async send(windows: readonly AskedWindow[], calls: number, { id, sets }: Held): Promise<Reply> {
    const keys = [...windows.map(({ key }) => `parley:limit:${key}`), ...sets.map(({ key }) => nameOfLeases(key))];
    const rules = windows.flatMap(({ rule: { limit, windowMs, cost, needs } }) => [limit, windowMs, cost, needs]);
    const head = [calls, windows.length, this.leaseMs, id];
    const [allowed = 0, ...numbers] = await this.redis.run((client: Redis) =>
      client.admit(keys.length, ...keys, ...head, ...rules, ...sets.map(({ limit }) => limit)),
    );
    const states = windows.map((_, at): State => {
      const [current = 0, previous = 0, elapsedMs = 0] = numbers.slice(3 * at);
      return { current, previous, elapsedMs };
    });
    return { allowed, states, inside: numbers.slice(3 * windows.length) };
  }
}

const nameOf = ({ key, rule: { limit, windowMs, cost, needs } }: AskedWindow): string =>
  `${limit} ${windowMs} ${cost} ${needs} ${key}`;

/** The windows as they were before the last `calls` took from them. */
const before = (calls: number, states: readonly State[], windows: readonly AskedWindow[]): readonly State[] =>
  states.map((state, at) => ({ ...state, current: state.current - calls * (windows[at]?.rule.cost ?? 0) }));
