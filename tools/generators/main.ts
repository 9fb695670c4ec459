/** `npm run new -- service billing`, `npm run new -- feature billing invoices`, `npm run new -- event billing.invoice.paid`. */
import { fileURLToPath } from 'node:url';
import { planEvent } from './event/event.ts';
import { planFeature } from './feature/feature.ts';
import { UsageError } from './names.ts';
import { carryOut, type Plan } from './plan.ts';
import { planService } from './service/service.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const usage = `What shall be made?
  npm run new -- service <name>             such as: service billing
  npm run new -- feature <service> <names>  such as: feature billing invoices
  npm run new -- event <service.thing.what> such as: event billing.invoice.paid`;

function planOf([kind, ...names]: readonly string[]): Plan {
  const [first = '', second = ''] = names;
  if (kind === 'service' && names.length === 1) return planService(root, first);
  if (kind === 'feature' && names.length === 2) return planFeature(root, first, second);
  if (kind === 'event' && names.length === 1) return planEvent(root, first);
  throw new UsageError(usage);
}

try {
  const plan = planOf(process.argv.slice(2));
  for (const path of await carryOut(root, plan)) console.log(path);
  console.log(['', 'Next:', ...plan.next.map((step) => `- ${step}`)].join('\n'));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
