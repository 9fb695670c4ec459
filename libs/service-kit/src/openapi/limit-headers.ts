import type { OpenAPIObject } from '@nestjs/swagger';

type Paths = OpenAPIObject['paths'];
type Operation = NonNullable<Paths[string]['get']>;
type Response = Exclude<Operation['responses'][string], { $ref: string } | undefined>;

/** The one header of a 429 that no other answer has. */
export const retryAfter = 'retry-after';

/** What a 429 tells of limits, answers that go well tell too. */
export const tellLimits = (paths: Paths): Paths =>
  Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [
      path,
      Object.fromEntries(
        Object.entries(item).map(([method, operation]) => [method, withLimits(operation as Operation)]),
      ),
    ]),
  );

function withLimits(operation: Operation): Operation {
  const { [retryAfter]: _, ...told } = (operation.responses['429'] as Response | undefined)?.headers ?? {};
  const responses = Object.entries(operation.responses).map(([status, response]) =>
    status.startsWith('2')
      ? [status, { ...response, headers: { ...(response as Response).headers, ...told } }]
      : [status, response],
  );
  return Object.keys(told).length === 0
    ? operation
    : { ...operation, responses: Object.fromEntries(responses) as Operation['responses'] };
}
