import { AppError, type VendorBag, type VendorName } from '@parley/contracts';

/** What to do with a foreign field: leave it out and say so, refuse the request, or nothing since it changes nothing. */
export type Loss = 'drop' | 'refuse' | 'ignore';
export type LossTable = Readonly<Record<string, Loss | ((value: unknown) => Loss)>>;

/** Keeps account of what a translation could not carry: nothing is lost in silence. */
export class Losses {
  private readonly fields = new Set<string>();

  constructor(private readonly provider: string) {}

  get dropped(): string[] {
    return [...this.fields];
  }

  drop(field: string): void {
    this.fields.add(field);
  }

  /** @throws AppError model.unsupported_parameter naming the field. */
  refuse(field: string, because = `provider "${this.provider}" has no counterpart for it`): never {
    throw new AppError('model.unsupported_parameter', {
      detail: `"${field}" cannot be carried: ${because}`,
      fields: [{ path: field, message: because }],
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

  private settle(field: string, rule: LossTable[string], value: unknown): void {
    const loss = typeof rule === 'function' ? rule(value) : rule;
    if (loss === 'drop') this.drop(field);
    else if (loss === 'refuse') this.refuse(field);
  }
}
