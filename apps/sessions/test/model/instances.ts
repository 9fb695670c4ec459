import { randomUUID } from 'node:crypto';
import { AppError, noTokens, type Block, type Identity } from '@parley/contracts';
import { connectEvents } from '@parley/messaging';
import { parseConfig, startService, type Service } from '@parley/service-kit';
import { serviceServers, testAuth } from '@parley/testing';
import { Pool } from 'pg';
import { AppModule, service } from '../../src/app.module.js';
import { BranchesService } from '../../src/branches/branches.service.js';
import { config as schema } from '../../src/config.js';
import { MessagesService } from '../../src/messages/messages.service.js';
import { SessionArchive } from '../../src/sessions/session-archive.js';
import { SessionsService } from '../../src/sessions/sessions.service.js';
import { ExpiredTurns } from '../../src/turns/expired-turns.js';
import { TurnOpening } from '../../src/turns/turn-opening.js';
import { TurnStops } from '../../src/turns/turn-stops.js';
import { TurnsService } from '../../src/turns/turns.service.js';
import type { Operation, Result } from './operations.js';

/** Two instances of the service on one database, whose timers do not run by themselves. */
export interface Instances {
  /** Sees every row: looking is most of what is done. */
  readonly database: Pool;
  readonly services: readonly Service[];
  stop(): Promise<void>;
}

export async function startInstances(): Promise<Instances> {
  const [servers, auth] = await Promise.all([serviceServers(), testAuth()]);
  const times = { TURN_LEASE_MS: '600000', SWEEP_INTERVAL_MS: '60000', SESSION_IDLE_AFTER_S: '31536000' };
  const config = parseConfig(schema, { ...servers.env, ...times, PARLEY_ADDRESSES: `auth=${auth.url}` });
  const start = () =>
    startService({ service, module: AppModule.forRoot(config), config, onApplication: connectEvents });
  const services = [await start(), await start()];
  const database = new Pool({ connectionString: servers.database.systemUrl });
  return {
    database,
    services,
    stop: async () => {
      await Promise.all(services.map((running) => running.stop()));
      await database.end();
      await Promise.all([servers.close(), auth.close()]);
    },
  };
}

/** Does operations to the real thing, in a tenant of its own, each through an instance of its choice. */
export class Tenant {
  readonly id = randomUUID();
  /** The message of each `session label` that was seen last. */
  readonly messages = new Map<string, string>();
  /** Of every message that was ever seen, also of those that are gone and whose label was given again. */
  readonly labels = new Map<string, string>();
  readonly sessions = new Map<string, string>();
  readonly turns = new Map<string, { readonly id: string; lease: string }>();
  private readonly caller = { tenantId: this.id, subject: randomUUID(), keyId: undefined } as unknown as Identity;
  private calls = 0;

  constructor(private readonly instances: Instances) {}

  async do(operation: Operation): Promise<Result> {
    try {
      return await (this.ways[operation.kind] as (operation: Operation) => Promise<Result>)(operation);
    } catch (error) {
      if (error instanceof AppError && error.status < 500) return error.code;
      throw error;
    }
  }

  async query<T extends object>(sql: string, params: unknown[]): Promise<T[]> {
    return (await this.instances.database.query<T>(sql, params)).rows;
  }

  private ask<T>(type: abstract new (...args: never[]) => T): T {
    const { services } = this.instances;
    return (services[this.calls++ % services.length] as Service).app.get<T>(type, { strict: false });
  }

  private session(label: string): string {
    return this.sessions.get(label) ?? randomUUID();
  }

  private turn(label: string) {
    const turn = this.turns.get(label) ?? { id: randomUUID(), lease: '' };
    this.turns.set(label, turn);
    return turn;
  }

  private message(session: string, label: string): string {
    return this.messages.get(`${session} ${label}`) ?? randomUUID();
  }

  private readonly ways: {
    readonly [K in Operation['kind']]: (operation: Extract<Operation, { kind: K }>) => Promise<Result>;
  } = {
    create: async ({ session }) => {
      const { id } = await this.ask(SessionsService).create(this.caller, { model: 'a-model' });
      this.sessions.set(session, id);
      return 'ok';
    },
    append: async ({ session, label, key }) => {
      const said = { role: 'user' as const, content: label };
      const message = await this.ask(MessagesService).append(this.caller, this.session(session), said, key);
      return labelOf(message.content);
    },
    fork: async ({ session, at, as }) => {
      const request = at === undefined ? {} : { message_id: this.message(session, at) };
      const { id } = await this.ask(BranchesService).fork(this.caller, this.session(session), request);
      this.sessions.set(as, id);
      return 'ok';
    },
    rewind: async ({ session, to }) => {
      const messageId = to === null ? null : this.message(session, to);
      await this.ask(BranchesService).rewind(this.caller, this.session(session), messageId);
      return 'ok';
    },
    clear: async ({ session }) => {
      await this.ask(BranchesService).clear(this.caller, this.session(session));
      return 'ok';
    },
    archive: async ({ session }) => {
      await this.ask(SessionArchive).archive(this.caller, this.session(session));
      return 'ok';
    },
    restore: async ({ session }) => {
      await this.ask(SessionArchive).restore(this.caller, this.session(session));
      return 'ok';
    },
    delete: async ({ session }) => {
      await this.ask(SessionsService).delete(this.caller, this.session(session));
      return 'ok';
    },
    open: async ({ session, turn: label, questions }) => {
      const turn = this.turn(label);
      const input = questions.map((words) => ({ role: 'user' as const, content: textOf(words) }));
      const request = { turn_id: turn.id, request_id: label, input };
      turn.lease = (await this.ask(TurnOpening).open(this.caller, this.session(session), request)).lease;
      return 'ok';
    },
    checkpoint: async ({ turn, words }) => {
      const { id, lease } = this.turn(turn);
      const kept = await this.ask(TurnsService).checkpoint(id, { lease, content: textOf(words) });
      return kept.stopping ? 'stopping' : 'ok';
    },
    complete: async ({ turn, words }) => {
      const { id, lease } = this.turn(turn);
      const stop = { reason: 'end' as const };
      await this.ask(TurnsService).complete(id, { lease, content: textOf(words), stop, tokens: noTokens });
      return 'ok';
    },
    interrupt: async ({ turn, words, reason }) => {
      const { id, lease } = this.turn(turn);
      await this.ask(TurnsService).interrupt(id, { lease, content: textOf(words), reason });
      return 'ok';
    },
    stop: async ({ session, turn }) => {
      const request = turn === undefined ? {} : { turn_id: this.turn(turn).id };
      const { turn_id: id } = await this.ask(TurnStops).stop(this.caller, this.session(session), request);
      // Nothing happens by the clock: who stops a lost gateway's turn has to lose it too.
      await this.setLease(id, '1 hour');
      return this.labelOfTurn(id) ?? id;
    },
    /** Both instances find it, as often as it takes: a session that somebody holds is left for the next look. */
    lose: async ({ turn }) => {
      const { id } = this.turn(turn);
      for (;;) {
        await this.setLease(id, '-1 second');
        await Promise.all([this.ask(ExpiredTurns).sweep(), this.ask(ExpiredTurns).sweep()]);
        const open = await this.query(`select from turns where tenant_id = $1 and id = $2 and status = 'open'`, [
          this.id,
          id,
        ]);
        if (open.length === 0) return 'ok';
      }
    },
  };

  private labelOfTurn(id: string): string | undefined {
    return [...this.turns].find(([, turn]) => turn.id === id)?.[0];
  }

  private setLease(turnId: string, from: string) {
    return this.query(
      `update turns set lease_until = clock_timestamp() + $3::interval where tenant_id = $1 and id = $2 and status = 'open'`,
      [this.id, turnId, from],
    );
  }
}

export const textOf = (words: string): Block[] => (words === '' ? [] : [{ type: 'text', text: words }]);

/** A message's label is what its words begin with. */
export const labelOf = (content: readonly Block[]): string => {
  const [first] = content;
  return (first?.type === 'text' ? first.text : '').split(':')[0] ?? '';
};
