/** Prints docs/guides/permissions.md. */
import { allPermissions, builtInRoles, permissions, rolePermissions } from '@parley/contracts';

const rows = allPermissions.map((permission) => {
  const marks = builtInRoles.map((role) => (rolePermissions[role].some((held) => held === permission) ? 'yes' : ''));
  return [`\`${permission}\``, permissions[permission], ...marks];
});
const table = [['Permission', 'Allows to', ...builtInRoles], ['---', '---', ...builtInRoles.map(() => '---')], ...rows];

process.stdout.write(`# Permissions

Generated from libs/contracts by \`npm run generate\`. A user has the permissions of their role; an API key has those
that it was made with, at most its maker's.

${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}
`);
