import type { ErrorDialect } from '@parley/service-kit';
import type { ErrorFormat } from './honoured.js';

/** Injectable by this class. */
export abstract class EdgeOptions {
  /** Undefined: there is no embedded edge. */
  abstract readonly port: number | undefined;
  abstract readonly host: string;
  abstract readonly routesFile: string;
  /** How refusals on the vendors' surfaces are worded. */
  abstract readonly dialects: Readonly<Record<Exclude<ErrorFormat, 'problem'>, ErrorDialect>>;
}
