import { AppError, coveringGrant, grant } from '@parley/contracts';

/**
 * What a token is to say: the permissions asked for, or all that are held.
 * @throws AppError oauth.invalid_scope that names those which are not held.
 */
export function scoped(held: ReadonlySet<string>, scope: string | undefined): string[] {
  if (scope === undefined) return [...held];
  const asked = [...new Set(scope.split(' ').filter((name) => name !== ''))];
  const beyond = asked.filter((name) => !grant.safeParse(name).success || coveringGrant(held, name) === undefined);
  if (beyond.length > 0)
    throw new AppError('oauth.invalid_scope', { detail: `The scope is more than can be given: ${beyond.join(', ')}` });
  return asked;
}
