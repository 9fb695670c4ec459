import { AbstractLogger } from 'typeorm';

class QuietLogger extends AbstractLogger {
  protected override writeLog(): void {
    // TypeORM would print lines that are not JSON; what it has to say comes back as errors.
  }
}

export const quiet = new QuietLogger();
