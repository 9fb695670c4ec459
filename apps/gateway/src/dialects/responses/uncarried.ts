import { AppError } from '@parley/contracts';

/** Keeps account of what no provider behind the gateway could carry: nothing is lost in silence. */
export class Uncarried {
  private readonly fields = new Set<string>();

  /** Undefined where nothing was left out. */
  get dropped(): string[] | undefined {
    return this.fields.size === 0 ? undefined : [...this.fields];
  }

  drop(field: string): void {
    this.fields.add(field);
  }

  /** @throws AppError model.unsupported_parameter naming the field. */
  refuse(path: string, because: string): never {
    throw new AppError('model.unsupported_parameter', {
      detail: `${path}: ${because}`,
      fields: [{ path, message: because }],
    });
  }
}
