import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const origin = fileURLToPath(new URL('../../..', import.meta.url));

/** What a commit of everything would hold. */
const sources = (): string[] =>
  execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: origin })
    .toString()
    .split('\0')
    // The last is empty; one that was deleted is still listed.
    .filter((file) => file !== '' && existsSync(join(origin, file)));

export interface Ended {
  readonly code: number;
  /** What it wrote to both streams. */
  readonly output: string;
}

/** A copy of the checkout as it stands, in which anything may be written; packages are the checkout's own. */
export class Workspace {
  readonly root = mkdtempSync(join(tmpdir(), 'parley-generators-'));

  constructor() {
    for (const file of sources()) cpSync(join(origin, file), join(this.root, file));
    this.linkPackages();
  }

  /** Runs a program of the workspace on its Node. */
  run(program: string, ...args: readonly string[]): Promise<Ended> {
    const bin = join(this.root, 'node_modules/.bin');
    const { NODE_V8_COVERAGE, ...inherited } = process.env;
    const env = {
      ...inherited,
      // Of programs that are not ours a record would take longer than their work.
      ...(program === 'node' && NODE_V8_COVERAGE !== undefined && { NODE_V8_COVERAGE }),
      PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
      NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
      NX_DAEMON: 'false',
      NX_CACHE_DIRECTORY: join(this.root, '.nx'),
    };
    return new Promise((resolve) => {
      execFile(join(bin, program), args, { cwd: this.root, env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, output: stdout + stderr });
      });
    });
  }

  new(...args: readonly string[]): Promise<Ended> {
    return this.run('node', 'tools/generators/main.ts', ...args);
  }

  /** What `npm install` would give a new service that has the dependencies of another one. */
  install(service: string, like: string): void {
    symlinkSync(join(origin, 'apps', like, 'node_modules'), join(this.root, 'apps', service, 'node_modules'));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Our own packages are the copy's, all others the checkout's, also those of which a project has a version of its own. */
  private linkPackages(): void {
    const packages = join(this.root, 'node_modules');
    mkdirSync(join(packages, '@parley'), { recursive: true });
    for (const name of readdirSync(join(origin, 'node_modules'))) {
      if (name !== '@parley') symlinkSync(join(origin, 'node_modules', name), join(packages, name));
    }
    for (const project of ['libs', 'apps'].flatMap((folder) => globSync(`${folder}/*`, { cwd: this.root }))) {
      symlinkSync(join(this.root, project), join(packages, '@parley', basename(project)));
      const own = join(origin, project, 'node_modules');
      if (existsSync(own)) symlinkSync(own, join(this.root, project, 'node_modules'));
    }
  }
}
