import { describe, expect, it } from '@jest/globals';
import { checkDocuments } from './check.ts';

const files = ['apps/shop/src/main.ts', 'apps/shop/README.md', 'tools/go.mjs', 'package.json', 'docs/guide.md'];

/** The problems of a document at docs/guide.md in a small repository. */
const problemsOf = (markdown: string): string[] | undefined =>
  checkDocuments({
    files,
    textOf: (file) => (file === 'docs/guide.md' ? markdown : '# A shop'),
    scripts: new Set(['bench']),
    programs: new Set(['nx']),
    projects: new Set(['shop']),
    targets: new Set(['build']),
  }).get('docs/guide.md');

describe('a document', () => {
  it.each([
    ['a link to a file that is there', '[shop](../apps/shop/README.md)'],
    ['a link to a heading', '[shop](../apps/shop/README.md#a-shop)'],
    ['a link to the web', '[site](https://example.com/nothing#here)'],
    ['a path of the repository', 'See `apps/shop/src/main.ts` and `apps/shop/src/`.'],
    ['a path with a placeholder or a pattern', 'See `apps/<app>/src/main.ts` and `apps/*/README.md`.'],
    ['a file by its name', 'See `package.json`.'],
    ['a folder that a build writes', 'See `apps/shop/dist/main.js`.'],
    ['a route', 'Call `/v1/models` or `POST /v1/chat/completions`.'],
    ['a script', 'Run `npm run bench -- gateway`.'],
    ['a target', 'Run `npx nx build shop` or `npx nx build <project>`.'],
    [
      'a shell block that is not run',
      '<!-- not run: a test -->\n\n```sh\nnpm start # the platform\nFOO=1 node tools/go.mjs \\\n  --fast | jq \'.a | .b\' && curl "$URL/x;y"\n```',
    ],
    ['anything in a shell block that is run', '```sh\ngone --fast\n```'],
  ])('may name %s', (_, markdown) => {
    expect(problemsOf(markdown)).toEqual([]);
  });

  it.each([
    ['a link to nothing', '[shop](../apps/shop/GONE.md)'],
    ['a link to a heading that is gone', '[shop](../apps/shop/README.md#the-shop)'],
    ['a path that is gone', 'See `apps/shop/src/gone.ts`.'],
    ['a file name that is nowhere', 'See `gone.json`.'],
    ['a pattern that nothing fits', 'See `apps/*/gone.md`.'],
    ['a script that is gone', 'Run `npm run gone`.'],
    ['a target that is gone', 'Run `npx nx gone shop`.'],
    ['a project that is gone', 'Run `npx nx build gone`.'],
    ['a file to run that is gone', '<!-- not run: a test -->\n\n```sh\nnode tools/gone.mjs\n```'],
    ['a program that nobody has', '<!-- not run: a test -->\n\n```sh\nexport A=1 && gone --fast\n```'],
    ['a package’s program that is not installed', '<!-- not run: a test -->\n\n```sh\nnpx gone\n```'],
    ['a block that is excused without a reason', '<!-- not run: -->\n\n```sh\nnpm start\n```'],
    ['an excuse without a block', '<!-- not run: needs Docker -->\n\nSee there.\n\n```sh\nnpm start\n```'],
  ])('may not name %s', (_, markdown) => {
    expect(problemsOf(markdown)).toHaveLength(1);
  });
});
