import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Words } from './shell.ts';

/** What a documented command may refer to. */
export interface Workspace {
  readonly root: string;
  readonly scripts: ReadonlySet<string>;
  readonly projects: ReadonlySet<string>;
  readonly targets: ReadonlySet<string>;
}

/** Programs and shell words that a reader has, or that the text around tells them to get. */
const known = new Set(
  [
    'cat cd curl docker echo eval exit export for do done git grep head helm if fi then jq kill kubectl ls mkdir',
    'openssl podman psql python3 rm sleep sudo tail tar until while apt-get luac busted kong cp diff',
  ].flatMap((line) => line.split(' ')),
);

const npmCommands = new Set(['ci', 'install', 'start', 'test', 'publish', 'pack', 'view', 'config', 'i']);

/** What is wrong with a documented command, or undefined when it would run. */
export function commandProblem([program = '', ...args]: Words, workspace: Workspace): string | undefined {
  if (program === 'npm') return npmProblem(args, workspace);
  if (program === 'npx') return npxProblem(args, workspace);
  if (program === 'node') return nodeProblem(args, workspace);
  if (program.includes('/')) return fileProblem(program, workspace);
  return known.has(program) ? undefined : `no such program: ${program}`;
}

function npmProblem(args: Words, { scripts }: Workspace): string | undefined {
  const [command = '', script = ''] = args.filter((word) => !word.startsWith('-'));
  if (command === 'run') return scripts.has(script) ? undefined : `no such script: npm run ${script}`;
  return npmCommands.has(command) ? undefined : `no such npm command: ${command}`;
}

function npxProblem(args: Words, workspace: Workspace): string | undefined {
  const [program = '', ...rest] = args.filter((word) => !word.startsWith('-'));
  if (program !== 'nx') {
    return existsSync(join(workspace.root, 'node_modules/.bin', program))
      ? undefined
      : `no such program: npx ${program}`;
  }
  const [target = '', project = ''] = rest;
  if (['affected', 'graph', 'run-many', 'show', 'reset'].includes(target)) return undefined;
  if (!workspace.targets.has(target)) return `no such target: nx ${target}`;
  return isPlaceholder(project) || workspace.projects.has(project) ? undefined : `no such project: ${project}`;
}

function nodeProblem(args: Words, workspace: Workspace): string | undefined {
  const scripts = args.filter((word) => /\.(?:m?[jt]s)$/.test(word) && !/(?:^|\/)dist\//.test(word));
  return scripts.map((script) => fileProblem(script, workspace)).find((problem) => problem !== undefined);
}

const fileProblem = (path: string, { root }: Workspace): string | undefined =>
  isPlaceholder(path) || existsSync(join(root, path)) ? undefined : `no such file: ${path}`;

const isPlaceholder = (word: string): boolean => /[<$]/.test(word);
