import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parseEventName, toCamel, toKebab, toSnake } from '../names.ts';
import { before, render, type Plan } from '../plan.ts';
import { requireService } from '../services.ts';

const catalogue = 'libs/contracts/src/events/catalogue.ts';

/** The first version of an event: its contract, its golden message, its place in the catalogue. */
export function planEvent(root: string, name: string): Plan {
  const { service, subject, verb } = parseEventName(name);
  requireService(root, service);
  const words = [...subject, ...verb];
  const event = toCamel(words);
  const file = toKebab(words);
  const type = `${name}.v1`;
  const ids = { event_id: randomUUID(), tenant_id: randomUUID(), subject_id: randomUUID() };
  const files = render(join(import.meta.dirname, 'files'), {
    ...{ ...ids, service, event, file, type, subject: toSnake(subject), time: new Date().toISOString() },
    sentence: `${subject.join(' ')} was ${verb.join(' ')}`,
  });
  return {
    files,
    edits: [
      { file: catalogue, change: before('\n/** Every event there is', `import { ${event} } from './${file}.js';\n`) },
      { file: catalogue, change: before('] as const satisfies readonly EventContract[];', `  ${event},\n`) },
      {
        file: 'libs/contracts/src/index.ts',
        change: before("export * from './events/catalogue.js';", `export * from './events/${file}.js';\n`),
      },
    ],
    next: [
      `libs/contracts/src/events/${file}.ts and its golden message: what it tells; once published neither is edited`,
      `apps/${service}/src/app.module.ts: publishes: [${event}], and this.outbox.add(tx, ${event}, tenantId, …) with the change`,
      'npm run generate, for docs/events/asyncapi.json',
    ],
  };
}
