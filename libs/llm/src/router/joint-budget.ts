import type { RetryBudget } from '@parley/resilience';

/** Budgets that all have to allow a retry, narrowest first: the model's, the credential's, the provider's. */
export class JointBudget implements Pick<RetryBudget, 'call' | 'take'> {
  constructor(private readonly budgets: readonly RetryBudget[]) {}

  call(): void {
    for (const budget of this.budgets) budget.call();
  }

  take(share?: number): boolean {
    return this.budgets.every((budget) => budget.take(share));
  }
}
