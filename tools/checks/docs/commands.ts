import { has, type Repository } from './repository.ts';
import type { Words } from './shell.ts';

/** Programs and shell words that a reader has, or that the text around tells them to get. */
const known = new Set(
  [
    'cat cd curl docker echo eval exit export for do done git grep head helm if fi then jq kill kubectl ls mkdir',
    'openssl podman psql python3 rm sleep sudo tail tar until while apt-get luac busted kong cp diff vllm llama-server',
  ].flatMap((line) => line.split(' ')),
);

const npmCommands = new Set(['ci', 'install', 'start', 'test', 'publish', 'pack', 'view', 'config', 'i']);

/** What is wrong with a documented command, or undefined when it would run. */
export function commandProblem([program = '', ...args]: Words, repository: Repository): string | undefined {
  if (program === 'npm') return npmProblem(args, repository);
  if (program === 'npx') return npxProblem(args, repository);
  if (program === 'node') return nodeProblem(args, repository);
  if (program.includes('/')) return fileProblem(program, repository);
  return known.has(program) ? undefined : `no such program: ${program}`;
}

function npmProblem(args: Words, { scripts }: Repository): string | undefined {
  const [command = '', script = ''] = args.filter((word) => !word.startsWith('-'));
  if (command === 'run') return scripts.has(script) ? undefined : `no such script: npm run ${script}`;
  return npmCommands.has(command) ? undefined : `no such npm command: ${command}`;
}

function npxProblem(args: Words, { programs, targets, projects }: Repository): string | undefined {
  const [program = '', ...rest] = args.filter((word) => !word.startsWith('-'));
  if (!programs.has(program)) return `no such program: npx ${program}`;
  const [target = '', project = ''] = rest;
  if (program !== 'nx' || ['affected', 'graph', 'run-many', 'show', 'reset'].includes(target)) return undefined;
  if (!targets.has(target)) return `no such target: nx ${target}`;
  return isPlaceholder(project) || projects.has(project) ? undefined : `no such project: ${project}`;
}

function nodeProblem(args: Words, repository: Repository): string | undefined {
  const scripts = args.filter((word) => /\.(?:m?[jt]s)$/.test(word) && !/(?:^|\/)dist\//.test(word));
  return scripts.map((script) => fileProblem(script, repository)).find((problem) => problem !== undefined);
}

const fileProblem = (path: string, repository: Repository): string | undefined =>
  isPlaceholder(path) || has(repository, path.replace(/^\.\//, '')) ? undefined : `no such file: ${path}`;

const isPlaceholder = (word: string): boolean => /[<$]/.test(word);
