import type { Clock } from '@parley/resilience';
import type { Model } from '../provider.js';
import type { ProviderGroup } from './provider-group.js';

/** A list older than this is read again in the background. */
const freshMs = 300_000;
/** After a failure, and after an asker who was kept waiting, the list is left alone for this long. */
const retryMs = 10_000;
/** How long an asker waits for a list that was never read. */
const timeoutMs = 5_000;

const unread: ReadonlyMap<string, Model> = new Map();

/** The models of one provider: read when first asked for, renewed in the background, kept when that fails. */
export class Catalogue {
  private models: ReadonlyMap<string, Model> | undefined;
  private nextReadAt = 0;
  private reading: Promise<void> | undefined;
  private lastError: unknown;

  constructor(
    readonly provider: ProviderGroup,
    private readonly clock: Clock,
    private readonly onRead: (failure?: unknown) => void,
  ) {}

  /** The last list that was read, by the provider’s own names; empty before the first. */
  get current(): ReadonlyMap<string, Model> {
    return this.models ?? unread;
  }

  /** Starts to read the list when it has become old, and does not wait for it. */
  renew(): void {
    if (this.clock.now() >= this.nextReadAt) void this.read();
  }

  /** Waits for the first list; later ones are renewed meanwhile. @throws what went wrong when there is none. */
  async load(): Promise<void> {
    this.renew();
    if (!this.models) await this.reading;
    if (!this.models) throw this.lastError;
  }

  private read(): Promise<void> {
    this.nextReadAt = this.clock.now() + retryMs;
    this.reading ??= this.provider
      .listModels(AbortSignal.timeout(timeoutMs))
      .then(
        (models) => {
          this.models = new Map(models.map((model) => [model.id, model]));
          this.nextReadAt = this.clock.now() + freshMs;
          this.onRead();
        },
        (error: unknown) => {
          this.lastError = error;
          this.onRead(error);
        },
      )
      .finally(() => (this.reading = undefined));
    return this.reading;
  }
}
