import pg from 'pg';

/** What row-level security may compare with: `{ tenant_id: … }` becomes the setting `parley.tenant_id`. */
export type Scope = Readonly<Record<string, string>>;

const settingName = /^[a-z][a-z_]{0,40}$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The statement that sets a scope for one transaction. It is text, not a parametrised query, so that it travels in one
 * message with `begin`: names are checked against a pattern, ids against uuid, and every value is a quoted literal.
 */
export function scopeSettings(scope: Scope): string {
  const settings = Object.entries(scope).map(([name, value]) => {
    if (!settingName.test(name)) throw new TypeError(`${name} is no name for a scope`);
    if (name.endsWith('_id') && !uuid.test(value)) throw new TypeError(`The scope's ${name} is no uuid`);
    if (value === '') throw new TypeError(`The scope's ${name} is empty`);
    return `set_config('parley.${name}', ${pg.escapeLiteral(value)}, true)`;
  });
  if (settings.length === 0) throw new TypeError('A scope needs at least one setting');
  return `select ${settings.join(', ')}`;
}
