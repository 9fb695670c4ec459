import { dirname, join } from 'node:path/posix';
import { commandProblem } from './commands.ts';
import { readDocument, type Document } from './document.ts';
import { pathProblem } from './paths.ts';
import { has, type Repository } from './repository.ts';
import { commandsOf } from './shell.ts';

/** Everything that the Markdown files of a repository promise and it does not hold, by file. */
export function checkDocuments(repository: Repository): Map<string, string[]> {
  const names = repository.files.filter((file) => file.endsWith('.md'));
  const documents = new Map(names.map((name) => [name, readDocument(repository.textOf(name))]));
  return new Map(
    [...documents].map(([name, document]) => {
      // The others are run.
      const blocks = document.shellBlocks.flatMap(({ text, notRun }) => (notRun === undefined ? [] : [text]));
      const commands = [...blocks, ...document.codeSpans.filter(isCommand)].flatMap(commandsOf);
      const problems = [
        ...document.links.map((link) => linkProblem(link, name, documents, repository)),
        ...document.codeSpans.map((span) => pathProblem(span, name, repository)),
        ...commands.map((words) => commandProblem(words, repository)),
        ...document.strayMarkers.map((marker) => `no reason, or no shell block behind it: ${marker}`),
      ];
      return [name, problems.filter((problem) => problem !== undefined)];
    }),
  );
}

const isCommand = (span: string): boolean => /^(?:npm|npx|node) /.test(span);

function linkProblem(link: string, from: string, documents: Map<string, Document>, repository: Repository) {
  if (/^[a-z][a-z+.-]*:/i.test(link)) return undefined;
  const [path = '', anchor] = decodeURIComponent(link).split('#');
  const target = path === '' ? from : join(dirname(from), path);
  if (!has(repository, target)) return `the link leads nowhere: ${link}`;
  const anchors = documents.get(target)?.anchors;
  return anchor === undefined || anchors === undefined || anchors.has(anchor) ? undefined : `no such heading: ${link}`;
}
