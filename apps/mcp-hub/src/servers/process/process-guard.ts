import { spawn, type ChildProcess } from 'node:child_process';
import type { Log } from '@parley/service-kit';

/**
 * Reads `watch <group>` and `forget <group>`; when its input ends, which it does however the hub ends, it kills the
 * groups that are left. A shell, because it has to be small, and every image has one.
 */
const program = `
trap '' HUP INT QUIT TERM
groups=
while read -r word group; do
  rest=
  for each in $groups; do [ "$each" = "$group" ] || rest="$rest $each"; done
  groups=$rest
  [ "$word" = watch ] && groups="$groups $group"
done
for group in $groups; do kill -s KILL -- "-$group"; done
`;

const restartMs = 1_000;

/** A process beside the hub that ends the servers' process groups when the hub can no longer do so itself. */
export class ProcessGuard {
  private readonly groups = new Set<number>();
  private child: ChildProcess | undefined;
  private alive = Promise.withResolvers<undefined>();
  private stopped = false;

  constructor(private readonly log: Log) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** In a session of its own, so that no signal to the hub's group meets it. */
  start(): void {
    const child = spawn('/bin/sh', ['-c', program], { stdio: ['pipe', 'ignore', 'ignore'], env: {}, detached: true });
    this.child = child;
    child.unref();
    child.stdin.on('error', () => undefined);
    child.once('error', (err) => this.lost(err));
    child.once('exit', () => this.lost());
    for (const group of this.groups) this.tell('watch', group);
    if (child.pid !== undefined) this.alive.resolve(undefined);
  }

  /** Resolves while one runs, or once the next one does: nothing that needs it is started before. */
  get ready(): Promise<unknown> {
    return this.alive.promise;
  }

  watch(group: number): void {
    this.groups.add(group);
    this.tell('watch', group);
  }

  forget(group: number): void {
    this.groups.delete(group);
    this.tell('forget', group);
  }

  /** Ends it; what it still watches, it kills. */
  stop(): void {
    this.stopped = true;
    this.child?.stdin?.end();
  }

  private tell(word: 'watch' | 'forget', group: number): void {
    this.child?.stdin?.write(`${word} ${group}\n`);
  }

  private lost(err?: Error): void {
    // One that could not be started leaves those who wait for it to the next.
    if (this.pid !== undefined) this.alive = Promise.withResolvers();
    this.child = undefined;
    if (this.stopped) return;
    this.log.error({ err }, 'the guard of the MCP servers has ended; another one is started');
    setTimeout(() => {
      if (!this.child && !this.stopped) this.start();
    }, restartMs).unref();
  }
}
