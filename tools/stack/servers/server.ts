import type { UnitDefinition, UnitState } from '../processes/unit.ts';
import type { ServerPorts } from '../ports.ts';
import type { Report } from '../report.ts';
import type { Secrets } from '../secrets.ts';

/** Where one server of a home lives and what it may use. */
export interface ServerContext {
  readonly home: string;
  readonly ports: ServerPorts;
  readonly secrets: Secrets;
  readonly report: Report;
}

/** A server that the stack runs itself: the unit, and the address with which it is used. */
export interface OwnServer {
  readonly url: string;
  readonly unit: UnitDefinition;
  /** More that its users need, by the ending of the variable's name. */
  readonly extras?: Readonly<Record<string, string>>;
}

/** What a server's programs see of our environment: no variable of the user's may change how they behave. */
export const plainEnv = (env = process.env): Record<string, string> => ({
  PATH: env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
});

/** A server as its users hold it. */
export interface Server {
  readonly name: string;
  readonly url: string;
  /** False for one that an address from the environment names: that one is not ours to stop. */
  readonly own: boolean;
  readonly state: UnitState;
  /** Process that serves; undefined while there is none, and for one that is not ours. */
  readonly pid: number | undefined;
  /** Resolves when it can be used; on the same port and data as before. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Ends it with SIGKILL. It stays down until `start`. */
  kill9(): Promise<void>;
}
