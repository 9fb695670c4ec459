import { within, type AccessChange } from '@parley/contracts';

/** What of a token decides whether a change concerns it. */
export interface TokenOrigin {
  readonly tenantId: string;
  /** In milliseconds since the epoch, as the token says. */
  readonly issuedAt: number;
  readonly subject: string;
  readonly actors: readonly string[];
  /** The API key that the token was exchanged for. */
  readonly keyId?: string | undefined;
  /** What it dies with: itself, the tokens that it was exchanged from, its key, its login. */
  readonly revocable: readonly string[];
  readonly permissions: ReadonlySet<string>;
  /** The token has all that its subject may do. */
  readonly inherits: boolean;
}

/** Which of the changes heard of came after which, in this process. */
interface Heard {
  readonly revision: number;
  /** When the last token has expired that it concerns, in milliseconds. */
  readonly until: number;
}

/** What tokens of a subject or key are worth that were issued up to `at`. */
interface Standing extends Heard {
  readonly at: number;
  /** Undefined: nothing, the subject is gone. */
  readonly permissions: ReadonlySet<string> | undefined;
}

/** All tokens issued up to `at` are refused. */
export interface Floor extends Heard {
  readonly at: number;
}

/** What a token may do now; undefined where it is refused. */
export type Judgement = ReadonlySet<string> | undefined;

/** The changes of one tenant that concern tokens which may still live. */
export class TenantChanges {
  /** Keys, logins and tokens that were ended. */
  private readonly ended = new Map<string, Heard>();
  private readonly standings = new Map<string, Standing>();
  private lastUntil: number;

  /** With a floor where changes are not known: there were too many, or they were lost on the way. */
  constructor(private floor?: Floor) {
    this.lastUntil = floor?.until ?? 0;
  }

  get size(): number {
    return this.ended.size + this.standings.size;
  }

  /** When the last token has expired that any change concerned. */
  get until(): number {
    return this.lastUntil;
  }

  /** In any order and any number of times: of a subject's changes the latest holds. False for one that is known. */
  add(change: AccessChange, permissions: ReadonlySet<string> | undefined, revision: number): boolean {
    const until = Date.parse(change.until);
    const { id } = change;
    if (change.kind === 'subject_removed' || change.kind === 'permissions_changed') {
      const at = Date.parse(change.at);
      if ((this.standings.get(id)?.at ?? -Infinity) >= at) return false;
      this.standings.set(id, { at, until, revision, permissions });
    } else {
      const known = this.ended.get(id);
      this.ended.set(id, { revision, ...known, until: Math.max(until, known?.until ?? 0) });
      if (known) return false;
    }
    this.lastUntil = Math.max(this.lastUntil, until);
    return true;
  }

  /** False where that is so already. */
  raiseFloor(floor: Floor): boolean {
    if (this.floor && this.floor.at >= floor.at) return false;
    this.floor = floor;
    this.lastUntil = Math.max(this.lastUntil, floor.until);
    return true;
  }

  judge(token: TokenOrigin): Judgement {
    if (this.refuses(token)) return undefined;
    const ofKey = this.standingOf(token.keyId, token)?.permissions;
    const held = ofKey ? new Set(within(token.permissions, ofKey)) : token.permissions;
    const ofSubject = this.standingOf(token.subject, token)?.permissions;
    if (!ofSubject) return held;
    return token.inherits ? ofSubject : new Set(within(held, ofSubject));
  }

  /** Whether anything was heard of one of them after this revision. */
  changedSince(revision: number, ids: readonly string[]): boolean {
    const after = (heard: Heard | undefined): boolean => heard !== undefined && heard.revision > revision;
    return after(this.floor) || ids.some((id) => after(this.ended.get(id)) || after(this.standings.get(id)));
  }

  /** Drops what concerns no token any more. False once nothing is left. */
  forget(now: number): boolean {
    for (const changes of [this.ended, this.standings])
      for (const [id, { until }] of changes) if (until <= now) changes.delete(id);
    return this.size > 0 || (this.floor?.until ?? 0) > now;
  }

  private refuses(token: TokenOrigin): boolean {
    if (this.floor && token.issuedAt <= this.floor.at) return true;
    if (token.revocable.some((id) => this.ended.has(id))) return true;
    return [token.subject, ...token.actors].some((id) => {
      const standing = this.standingOf(id, token);
      return standing !== undefined && !standing.permissions;
    });
  }

  private standingOf(id: string | undefined, { issuedAt }: TokenOrigin): Standing | undefined {
    const standing = id === undefined ? undefined : this.standings.get(id);
    return standing && issuedAt <= standing.at ? standing : undefined;
  }
}
