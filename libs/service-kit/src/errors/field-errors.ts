import type { FieldError } from '@parley/contracts';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** More would help nobody, and their number is up to the caller. */
const maxFields = 50;

/** What is said of a field that is not known: an older neighbour says it of what is new. */
export const unknownField = 'Unknown field';

/** Each fault of an input with the dotted path of the field it concerns; a field that is not known is named itself. */
export const fieldErrors = (issues: readonly Issue[], under: readonly PropertyKey[] = []): FieldError[] =>
  issues.flatMap((issue) => fields(issue, under)).slice(0, maxFields);

function fields(issue: Issue, under: readonly PropertyKey[]): FieldError[] {
  const path = [...under, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: dotted([...path, key]), message: unknownField }));
  const closest = issue.code === 'invalid_union' ? closestOf(issue.errors) : undefined;
  return closest ? fieldErrors(closest, path) : [{ path: dotted(path), message: issue.message }];
}

/** Of a union's alternatives, the one that the input came closest to: whose first fault lies deepest, then with fewest. */
function closestOf(alternatives: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (issues: readonly Issue[]) => Math.max(0, ...issues.map(({ path }) => path.length));
  const [first, second] = [...alternatives].sort((a, b) => depth(b) - depth(a) || a.length - b.length);
  // Where two are equally close, neither can be said to be meant.
  if (first && second && depth(first) === depth(second) && first.length === second.length) return undefined;
  return first;
}

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.');
