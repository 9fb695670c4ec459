/** Prints docs/guides/permissions.md. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allPermissions, builtInRoles, permissions, rolePermissions } from '@parley/contracts';
import { operationsByAccess } from './operations.ts';

const root = join(import.meta.dirname, '../..');

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const permissionTable = table(
  ['Permission', 'Allows to', ...builtInRoles],
  allPermissions.map((permission) => {
    const marks = builtInRoles.map((role) => (rolePermissions[role].some((held) => held === permission) ? 'yes' : ''));
    return [`\`${permission}\``, permissions[permission], ...marks];
  }),
);

const operations = operationsByAccess(
  globSync('apps/*/openapi.json', { cwd: root })
    .sort()
    .map((file) => readFileSync(join(root, file), 'utf8')),
);
const routeTable = table(
  ['Who', 'Routes'],
  [
    ['anybody', 'public'],
    ['every caller', 'authenticated'],
    ...allPermissions.map((permission) => [`\`${permission}\``, permission]),
  ].map(([who = '', access = '']) => [who, (operations.get(access) ?? []).map((name) => `\`${name}\``).join('<br>')]),
);

const template = readFileSync(join(import.meta.dirname, 'permissions.md.template'), 'utf8');
process.stdout.write(template.replace('{{permissions}}', permissionTable).replace('{{routes}}', routeTable));
