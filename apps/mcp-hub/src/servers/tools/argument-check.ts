import { AppError, type FieldError } from '@parley/contracts';
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

/**
 * `format` is an annotation, as in JSON Schema 2020-12 §7.2.1; names that nobody knows are ignored, as the standard wants.
 * The check ends at the first error: a long list could have one for each of its entries.
 */
const options: Options = {
  strict: false,
  validateFormats: false,
  addUsedSchema: false,
  logger: false,
};
const draft7 = new Ajv(options);
const draft2020 = new Ajv2020(options);

const maxFields = 50;

/** Checks the arguments of a call. @throws AppError request.invalid, which names them. */
export type ArgumentCheck = (given: Readonly<Record<string, unknown>>) => void;

/**
 * Compiles a tool's input schema: draft-07 where `$schema` says so, else 2020-12, MCP's default.
 * @throws Error when it is no schema.
 */
export function compileCheck(schema: Readonly<Record<string, unknown>>): ArgumentCheck {
  const ajv = String(schema['$schema']).includes('draft-07') ? draft7 : draft2020;
  const fits = ajv.compile(schema);
  // Otherwise it would be kept for as long as the process lives.
  ajv.removeSchema(schema);
  return (given) => {
    if (fits(given)) return;
    throw new AppError('request.invalid', {
      detail: 'The arguments do not fit the tool’s schema',
      fields: fieldsOf(fits.errors),
    });
  };
}

const fieldsOf = (errors: ValidateFunction['errors']): FieldError[] =>
  (errors ?? []).slice(0, maxFields).map((error) => ({ path: pathOf(error), message: messageOf(error) }));

/** The dotted path of what is wrong; a field that is missing or unknown is named itself. */
function pathOf({ instancePath, params }: ErrorObject): string {
  const pointer = instancePath.split('/').slice(1).map(unescape);
  const own = Object.entries(params as Record<string, unknown>).find(([name]) => named.has(name))?.[1];
  return ['arguments', ...pointer, ...(typeof own === 'string' ? [own] : [])].join('.');
}

/** Parameters of ajv's errors that say which property of the object at hand is meant. */
const named = new Set(['missingProperty', 'additionalProperty', 'unevaluatedProperty']);

/** RFC 6901 §3. */
const unescape = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

const messageOf = ({ keyword, message }: ErrorObject): string => {
  if (keyword === 'required') return 'Is required';
  return keyword === 'additionalProperties' || keyword === 'unevaluatedProperties'
    ? 'Unknown field'
    : (message ?? 'Does not fit');
};
