import { operationsOf, type OpenApi, type Operation, type Parameter } from './document.ts';
import { SchemaComparison } from './schemas.ts';

/**
 * What a client written for `before` cannot do any more with `after`: each a sentence with its place. Additions are
 * fine; a removed path, parameter, field or enum value, a changed type, and anything newly required of a request break.
 */
export function breakingChanges(before: OpenApi, after: OpenApi): string[] {
  const now = operationsOf(after);
  const schemas = new SchemaComparison(before, after);
  return [...operationsOf(before)].flatMap(([name, old]) => {
    const operation = now.get(name);
    if (operation === undefined) return [`${name} was removed`];
    return [
      ...parameterChanges(old.parameters ?? [], operation.parameters ?? [], schemas),
      ...requestChanges(old, operation, schemas),
      ...responseChanges(old, operation, schemas),
    ].map((change) => `${name}: ${change}`);
  });
}

function parameterChanges(
  before: readonly Parameter[],
  after: readonly Parameter[],
  schemas: SchemaComparison,
): string[] {
  const nameOf = (parameter: Parameter): string => `${parameter.in} parameter ${parameter.name}`;
  const find = (all: readonly Parameter[], wanted: Parameter): Parameter | undefined =>
    all.find((parameter) => nameOf(parameter) === nameOf(wanted));
  const gone = before.filter((parameter) => find(after, parameter) === undefined);
  const demanded = after.filter(
    (parameter) => parameter.required === true && find(before, parameter)?.required !== true,
  );
  return [
    ...gone.map((parameter) => `${nameOf(parameter)} was removed`),
    ...demanded.map((parameter) => `${nameOf(parameter)} is newly required`),
    ...before.flatMap((old) => schemas.changes('request', nameOf(old), old.schema, find(after, old)?.schema)),
  ];
}

function requestChanges(
  { requestBody: before }: Operation,
  { requestBody: after }: Operation,
  schemas: SchemaComparison,
) {
  const demanded = after?.required === true && before?.required !== true ? ['a request body is newly required'] : [];
  const types = Object.entries(before?.content ?? {});
  return [
    ...demanded,
    ...types.flatMap(([type, old]) => {
      const now = after?.content?.[type];
      return now ? schemas.changes('request', 'request', old.schema, now.schema) : [`a request of ${type} was removed`];
    }),
  ];
}

function responseChanges({ responses: before }: Operation, { responses: after }: Operation, schemas: SchemaComparison) {
  return Object.entries(before ?? {}).flatMap(([status, { content = {} }]) => {
    const response = after?.[status];
    if (response === undefined) return [`response ${status} was removed`];
    return Object.entries(content).flatMap(([type, old]) => {
      const now = response.content?.[type];
      if (now === undefined) return [`response ${status} of ${type} was removed`];
      return schemas.changes('response', `response ${status}`, old.schema, now.schema);
    });
  });
}
