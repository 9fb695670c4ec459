/** The parts of an OpenAPI 3.x document that a client depends on. */
export interface OpenApi {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

export interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content?: Content };
  readonly responses?: Readonly<Record<string, { readonly content?: Content }>>;
  readonly security?: readonly object[];
  /** `public`, `authenticated`, or the permission that the caller needs. */
  readonly 'x-permission'?: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** Whether a call without a credential is turned away. An empty way among them is to show none: OAuth's routes take a client's secret. */
export const demandsCredential = ({ security = [] }: Pick<Operation, 'security'>): boolean =>
  security.length > 0 && security.every((way) => Object.keys(way).length > 0);

const methods = new Set(['get', 'put', 'post', 'delete', 'patch', 'head', 'options']);

/** Every operation by `METHOD /path`. What a path takes is known by its place: its name is no part of a request. */
export const operationsOf = ({ paths = {} }: OpenApi): Map<string, Operation> =>
  new Map(
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method]) => methods.has(method))
        .map(([method, operation]) => [`${method.toUpperCase()} ${nameless(path)}`, byPlace(path, operation)] as const),
    ),
  );

const template = /\{([^}]+)\}/g;
const nameless = (path: string): string => path.replace(template, '{}');

function byPlace(path: string, { parameters = [], ...operation }: Operation): Operation {
  const names = [...path.matchAll(template)].map(([, name]) => name);
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const placeOf = (parameter: Parameter): number => {
    const place = names.indexOf(parameter.name);
    return 1 + (place < 0 ? inPath.indexOf(parameter) : place);
  };
  const placed = parameters.map((one) => (one.in === 'path' ? { ...one, name: String(placeOf(one)) } : one));
  return { ...operation, parameters: placed };
}

/** The schema itself, where it is a reference to one of the document's named schemas. */
export function dereference(schema: Schema, { components }: OpenApi): Schema {
  const name = /^#\/components\/schemas\/(.+)$/.exec(schema.$ref ?? '')?.[1];
  const named = name === undefined ? undefined : components?.schemas?.[name];
  return named === undefined ? schema : named;
}
