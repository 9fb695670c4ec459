import { join } from 'node:path';
import { parseName, singularOf, toCamel, toKebab, toPascal, toSnake } from '../names.ts';
import { before, render, type Edit, type Plan } from '../plan.ts';
import { requireService } from '../services.ts';

/** Things of a tenant that a service keeps: created, listed and read over HTTP. */
export function planFeature(root: string, service: string, name: string): Plan {
  requireService(root, service);
  const values = valuesOf(service, name);
  return {
    files: render(join(import.meta.dirname, 'files'), values),
    edits: editsOf(values),
    next: [
      `libs/contracts/src/http/${values.things_file}.ts and apps/${service}/src/${name}: the fields that it really has`,
      `libs/contracts/src/permissions.ts: which roles have ${values.things_table}:read and :write besides the owner`,
      `kong/kong.yml: ~/v1/${values.things_file}(/.*)?$`,
      `npm run generate, then npm run jest -- apps/${service}`,
    ],
  };
}

/** The spellings that templates and edits take. */
function valuesOf(service: string, name: string) {
  const many = parseName('A feature', name);
  const one = singularOf(many);
  return {
    service,
    Service: toPascal(service.split('-')),
    timestamp: String(Date.now()),
    things: toCamel(many),
    Things: toPascal(many),
    thing: toCamel(one),
    Thing: toPascal(one),
    things_file: toKebab(many),
    things_table: toSnake(many),
    thing_code: toSnake(one),
    things_words: many.join(' '),
    thing_words: one.join(' '),
  };
}

type Values = Readonly<ReturnType<typeof valuesOf>>;

function editsOf(v: Values): Edit[] {
  const module = `apps/${v.service}/src/app.module.ts`;
  const migrations = `apps/${v.service}/src/migrations/index.ts`;
  const migration = `${v.Things}${v.timestamp}`;
  return [
    {
      file: module,
      change: before(
        "import { migrations } from './migrations/index.js';",
        `import { ${v.Things}Module } from './${v.things_file}/${v.things_file}.module.js';\n`,
      ),
    },
    { file: module, change: before('      ],\n    };', `        ${v.Things}Module,\n`) },
    {
      file: migrations,
      change: before('\n/** In the order of', `import { ${migration} } from './${v.timestamp}-${v.things_file}.js';\n`),
    },
    { file: migrations, change: (text) => text.replace(/,?\s*\];\s*$/, `, ${migration}];\n`) },
    {
      file: 'libs/contracts/src/index.ts',
      change: before("export * from './events/define.js';", `export * from './http/${v.things_file}.js';\n`),
    },
    {
      file: 'libs/contracts/src/permissions.ts',
      change: before(
        '} as const satisfies Record<string, string>;',
        `  '${v.things_table}:read': 'Read ${v.things_words}',\n  '${v.things_table}:write': 'Create ${v.things_words}',\n`,
      ),
    },
    {
      file: 'libs/contracts/src/errors.ts',
      change: before(
        '} as const satisfies Record<string, ErrorDefinition>;',
        `  '${v.thing_code}.not_found': { status: 404, title: 'No such ${v.thing_words}', retryable: false },\n`,
      ),
    },
    {
      file: 'docs/runbooks/errors.md',
      change: (text) => `${text}
### ${v.thing_code}.not_found

404. The caller's tenant has no ${v.thing_words} of this id. It may be another tenant's, which is told to nobody else.
`,
    },
  ];
}
