import type { ServiceName } from '@parley/contracts';
import type { ErrorFormat, Termination } from './honoured.js';
import { normalisePath } from './request-path.js';

/** What happens to a request whose path it matches. */
export interface EdgeRoute {
  readonly name: string;
  /** As in the file: a regex after `~`, else a prefix. */
  readonly paths: readonly string[];
  /** Higher goes first, among regexes. */
  readonly regexPriority: number;
  /** Absent where `termination` answers. */
  readonly service?: ServiceName | undefined;
  /** Longest silence of the service. */
  readonly readTimeoutMs?: number | undefined;
  /** Set where a credential is demanded: how a refusal is worded. */
  readonly errorFormat?: ErrorFormat | undefined;
  readonly termination?: Termination | undefined;
}

/** `path` is what the service gets to see, without the query; undefined for a target that is no path. */
export interface Match {
  readonly path: string | undefined;
  readonly route: EdgeRoute | undefined;
}

interface Matcher {
  readonly route: EdgeRoute;
  readonly matches: (path: string) => boolean;
  /** Regexes before prefixes, then by priority or length (Kong's router flavour `traditional_compatible`). */
  readonly rank: readonly [kind: 'prefix' | 'regex', weight: number];
}

const maxRemembered = 1_000;
const longestRemembered = 200;

/** Which route answers a path. Where two are equal in rank Kong promises no order; `npm test` refuses such a table. */
export class RouteTable {
  private readonly matchers: readonly Matcher[];
  /** By path as sent; dropped as a whole when full, since the paths in real use are few. */
  private remembered = new Map<string, Match>();

  constructor(routes: readonly EdgeRoute[]) {
    this.matchers = routes
      .flatMap((route) => route.paths.map((path) => toMatcher(route, path)))
      .sort((a, b) => b.rank[0].localeCompare(a.rank[0]) || b.rank[1] - a.rank[1]);
  }

  /** @param target the path as sent, without the query */
  match(target: string): Match {
    const known = this.remembered.get(target);
    if (known) return known;
    const path = normalisePath(target);
    const match = { path, route: path === undefined ? undefined : this.find(path) };
    if (target.length <= longestRemembered) this.remember(target, match);
    return match;
  }

  private find(path: string): EdgeRoute | undefined {
    return this.matchers.find(({ matches }) => matches(path))?.route;
  }

  private remember(target: string, match: Match): void {
    if (this.remembered.size >= maxRemembered) this.remembered = new Map();
    this.remembered.set(target, match);
  }
}

function toMatcher(route: EdgeRoute, path: string): Matcher {
  if (!path.startsWith('~')) return { route, matches: (text) => text.startsWith(path), rank: ['prefix', path.length] };
  const regex = new RegExp(`^${path.slice(1)}`);
  return { route, matches: (text) => regex.test(text), rank: ['regex', route.regexPriority] };
}
