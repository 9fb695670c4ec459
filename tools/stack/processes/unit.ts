import { setTimeout as sleep } from 'node:timers/promises';
import { StackFailure } from '../failure.ts';
import { logFile } from '../home.ts';
import { seconds, type Report } from '../report.ts';
import { launch, type Program, type Running } from './launch.ts';
import { untilReady } from './until-ready.ts';

/** What the platform runs as one thing: a server, or an instance of a service. */
export interface UnitDefinition {
  readonly name: string;
  /** As a person names it. */
  readonly title: string;
  /** Said when it is ready, beside the time it took: `port 5442`. */
  readonly detail: string;
  /** Makes ready what the programs need and says what to run, in order; called before every start. */
  programs(): Promise<readonly Program[]>;
  /** Rejects until the unit can be used. */
  probe(): Promise<unknown>;
  /** How long a start may take. */
  readonly readyWithinMs: number;
}

export type UnitState = 'stopped' | 'starting' | 'ready' | 'crashed';

/** A unit that crashes again and again is started after 0.5, 1, 2 … and at most 15 s. */
const backoffMs = (crashes: number) => Math.min(500 * 2 ** (crashes - 1), 15_000);
/** A unit that has run this long before it crashes has its earlier crashes forgotten. */
const steadyMs = 60_000;

/** Starts a unit, knows when it is ready, and starts it again when it ends without being told to. */
export class Unit {
  readonly #home: string;
  readonly #definition: UnitDefinition;
  readonly #report: Report;
  /** From `start` to `stop`, through any number of crashes. */
  #life = new AbortController();
  #running: Running[] = [];
  #state: UnitState = 'stopped';
  #crashes = 0;

  constructor(home: string, definition: UnitDefinition, report: Report) {
    this.#home = home;
    this.#definition = definition;
    this.#report = report;
  }

  get name(): string {
    return this.#definition.name;
  }

  get state(): UnitState {
    return this.#state;
  }

  /** Process that serves; undefined while there is none. */
  get pid(): number | undefined {
    return this.#running.at(-1)?.pid;
  }

  /** How often it has crashed in a row. */
  get crashes(): number {
    return this.#crashes;
  }

  /** Resolves when it is ready, at once when it is already. Rejects with the sentence that helps. */
  async start(): Promise<void> {
    if (this.#state === 'ready' || this.#state === 'starting') return;
    this.#life.abort();
    this.#life = new AbortController();
    this.#crashes = 0;
    await this.#bringUp(this.#life.signal);
  }

  /** Ends it in good order; it stays ended until `start`. */
  stop(): Promise<void> {
    this.#life.abort();
    return this.#end('stop');
  }

  /** Ends it with SIGKILL; it stays ended until `start`. */
  kill9(): Promise<void> {
    this.#life.abort();
    return this.#end('kill9');
  }

  async #bringUp(life: AbortSignal): Promise<void> {
    const since = Date.now();
    this.#state = 'starting';
    try {
      const programs = await this.#definition.programs();
      if (life.aborted) throw new StackFailure(`${this.#definition.title} was stopped while it was starting.`);
      this.#running = programs.map((program) => launch(this.#home, program));
      await untilReady(this.#definition, this.#running, logFile(this.#home, this.name));
    } catch (error) {
      await this.#end('stop');
      throw error;
    }
    this.#state = 'ready';
    const readyAt = Date.now();
    const note = `${this.#definition.detail}, ${seconds(readyAt - since)}`;
    this.#report({ part: this.#definition.title, kind: 'ready', note });
    void Promise.race(this.#running.map(({ ended }) => ended)).then((how) => {
      if (life.aborted) return undefined;
      if (Date.now() - readyAt > steadyMs) this.#crashes = 0;
      return this.#recover(life, `ended by itself (${how})`);
    });
  }

  async #recover(life: AbortSignal, what: string): Promise<void> {
    await this.#end('stop');
    if (life.aborted) return;
    this.#state = 'crashed';
    this.#crashes += 1;
    const waitMs = backoffMs(this.#crashes);
    const note = `${what}; starting it again in ${seconds(waitMs)}. Log: ${logFile(this.#home, this.name)}`;
    this.#report({ part: this.#definition.title, kind: 'trouble', note });
    const waited = await sleep(waitMs, true, { signal: life }).catch(() => false);
    if (!waited) return;
    await this.#bringUp(life).catch((error: unknown) =>
      life.aborted ? undefined : this.#recover(life, `did not start again (${String(error)})`),
    );
  }

  async #end(how: 'stop' | 'kill9'): Promise<void> {
    this.#state = 'stopped';
    for (const process of this.#running.splice(0).reverse()) await process[how]();
  }
}
