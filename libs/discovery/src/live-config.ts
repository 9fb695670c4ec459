import type { Log } from '@parley/service-kit';
import type { z } from 'zod';

/** Where settings that may change while running come from. */
export interface SettingsSource {
  /** Calls back with the text of the key, or undefined where there is none, now and whenever it changes. */
  followSettings(key: string, onValue: (json: string | undefined) => void): void;
}

interface Watcher {
  readonly apply: (settings: unknown) => void;
}

/**
 * The JSON object under `parley/config/<service>`. Each watcher takes the fields of its own schema from it, so make
 * them optional: a field that is missing means its configured value, and a key that was deleted means all of them.
 */
export class LiveConfig {
  private readonly watchers = new Set<Watcher>();
  private settings: unknown;
  private following = false;

  constructor(
    private readonly key: string,
    private readonly source: SettingsSource | undefined,
    private readonly log: Log,
  ) {}

  /** `onChange` hears each valid value, from the first one on; one that does not fit is logged and the last stays. */
  watch<T extends z.ZodType>(schema: T, onChange: (value: z.infer<T>) => void): () => void {
    const watcher: Watcher = {
      apply: (settings) => {
        const result = schema.safeParse(settings);
        if (result.success) onChange(result.data);
        else this.refuse(result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
      },
    };
    this.watchers.add(watcher);
    if (this.settings !== undefined) watcher.apply(this.settings);
    this.follow();
    return () => this.watchers.delete(watcher);
  }

  private follow(): void {
    if (this.following) return;
    this.following = true;
    this.source?.followSettings(this.key, (json) => {
      this.take(json);
    });
  }

  private take(json: string | undefined): void {
    // Nothing there, and nothing before: the configured values are in force already.
    if (json === undefined && this.settings === undefined) return;
    try {
      this.settings = JSON.parse(json ?? '{}');
    } catch {
      this.refuse([{ path: '', message: 'is not JSON' }]);
      return;
    }
    for (const { apply } of this.watchers) apply(this.settings);
  }

  private refuse(issues: readonly { readonly path: string; readonly message: string }[]): void {
    this.log.error({ key: this.key, issues }, 'a live setting was refused; the last good one stays');
  }
}
