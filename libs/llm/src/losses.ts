import { AppError, type VendorBag, type VendorName } from '@parley/contracts';

/** What to do with a foreign field: leave it out and say so, refuse the request, or nothing since it changes nothing. */
export type Loss = 'drop' | 'refuse' | 'ignore';
export type LossTable = Readonly<Record<string, Loss | ((value: unknown) => Loss)>>;

/** Keeps account of what a translation could not carry: nothing is lost in silence. */
export class Losses {
  private readonly fields = new Set<string>();

  /** `names` are the caller’s own for fields that another dialect calls otherwise. */
  constructor(
    private readonly provider: string,
    private readonly names: Readonly<Record<string, string>> = {},
  ) {}

  get dropped(): string[] {
    return [...this.fields];
  }

  drop(field: string): void {
    this.fields.add(this.nameOf(field));
  }

  /** @throws AppError model.unsupported_parameter naming the field. */
  refuse(field: string, because = `provider "${this.provider}" has no counterpart for it`): never {
    const path = this.nameOf(field);
    throw new AppError('model.unsupported_parameter', {
      detail: `"${path}" cannot be carried: ${because}`,
      fields: [{ path, message: because }],
    });
  }

  /** Judges the fields of another vendor; one that the table does not know is refused. */
  judge(bag: VendorBag | undefined, vendor: VendorName, table: LossTable, prefix = ''): void {
    const foreign = bag?.[vendor];
    if (!foreign) return;
    for (const [field, value] of Object.entries(foreign)) {
      if (value !== null && value !== undefined) this.settle(prefix + field, table[field] ?? 'refuse', value);
    }
  }

  private nameOf(field: string): string {
    return this.names[field] ?? field;
  }

  private settle(field: string, rule: LossTable[string], value: unknown): void {
    const loss = typeof rule === 'function' ? rule(value) : rule;
    if (loss === 'drop') this.drop(field);
    else if (loss === 'refuse') this.refuse(field);
  }
}
