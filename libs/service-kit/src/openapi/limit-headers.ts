import type { OpenAPIObject } from '@nestjs/swagger';

type Paths = OpenAPIObject['paths'];
type Operation = NonNullable<Paths[string]['get']>;
type Response = Exclude<Operation['responses'][string], { $ref: string } | undefined>;
type Headers = NonNullable<NonNullable<OpenAPIObject['components']>['headers']>;

/** The one header of a 429 that no other answer has. */
export const retryAfter = 'retry-after';

/** What a 429 tells of limits, answers that go well tell too. Each header is described once, in the document's components. */
export function tellLimits(paths: Paths): { readonly paths: Paths; readonly headers: Headers } {
  const headers: Headers = {};
  const told = Object.entries(paths).map(([path, item]) => {
    const operations = Object.entries(item as Record<string, Operation>);
    return [path, Object.fromEntries(operations.map(([method, one]) => [method, withLimits(one, headers)]))];
  });
  return { paths: Object.fromEntries(told) as Paths, headers };
}

function withLimits(operation: Operation, known: Headers): Operation {
  const refused = operation.responses['429'] as Response | undefined;
  if (!refused?.headers) return operation;
  Object.assign(known, refused.headers);
  const { [retryAfter]: retry, ...told } = Object.fromEntries(
    Object.keys(refused.headers).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
  const responses = Object.entries(operation.responses).map(([status, response]) => {
    if (status === '429') return [status, { ...response, headers: { ...(retry && { [retryAfter]: retry }), ...told } }];
    if (!status.startsWith('2')) return [status, response];
    return [status, { ...response, headers: { ...(response as Response).headers, ...told } }];
  });
  return { ...operation, responses: Object.fromEntries(responses) as Operation['responses'] };
}
