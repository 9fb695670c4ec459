import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { commandProblem, type Workspace } from './commands.ts';
import { readDocument, type Document } from './document.ts';
import { pathChecker } from './paths.ts';
import { commandsOf } from './shell.ts';

/** Everything that the Markdown files of a repository promise and it does not hold, by file. */
export function checkDocuments(workspace: Workspace, files: readonly string[]): Map<string, string[]> {
  const { root } = workspace;
  const names = files.filter((file) => file.endsWith('.md'));
  const documents = new Map(names.map((name) => [name, readDocument(readFileSync(join(root, name), 'utf8'))]));
  const pathProblem = pathChecker(root, files);
  return new Map(
    [...documents].map(([name, document]) => {
      const commands = [...document.shellBlocks, ...document.codeSpans.filter(isCommand)].flatMap(commandsOf);
      const problems = [
        ...document.links.map((link) => linkProblem(link, name, documents, root)),
        ...document.codeSpans.map((span) => pathProblem(span, name)),
        ...commands.map((words) => commandProblem(words, workspace)),
      ];
      return [name, problems.filter((problem) => problem !== undefined)];
    }),
  );
}

const isCommand = (span: string): boolean => /^(?:npm|npx|node) /.test(span);

function linkProblem(link: string, from: string, documents: Map<string, Document>, root: string): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(link)) return undefined;
  const [path = '', anchor] = decodeURIComponent(link).split('#');
  const target = path === '' ? from : normalize(join(dirname(from), path));
  if (!existsSync(join(root, target))) return `the link leads nowhere: ${link}`;
  const anchors = documents.get(target)?.anchors;
  return anchor === undefined || anchors === undefined || anchors.has(anchor) ? undefined : `no such heading: ${link}`;
}
