import { Injectable } from '@nestjs/common';
import { AppError, type Identity, type OpenedTurn, type OpenTurnRequest } from '@parley/contracts';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { TurnBeginning } from './turn-beginning.js';
import { TurnsRepository } from './turns.repository.js';

/** Opens turns for gateways. */
@Injectable()
export class TurnOpening {
  constructor(
    private readonly turns: TurnsRepository,
    private readonly sessions: SessionsRepository,
    private readonly beginning: TurnBeginning,
  ) {}

  /** Opening a turn that is open answers the same, with a lease of its own. @throws AppError as `openTurn` says. */
  open(caller: Identity, sessionId: string, request: OpenTurnRequest): Promise<OpenedTurn> {
    const { tenantId } = caller;
    return this.turns.inTenant(tenantId, async (tx) => {
      const [session, known] = await Promise.all([
        this.sessions.lock(tx, { tenantId, id: sessionId }),
        this.turns.find(tx, tenantId, request.turn_id),
      ]);
      if (!session) throw new AppError('session.not_found');
      return known ? this.beginning.beginAgain(tx, session, known) : this.beginning.begin(tx, session, caller, request);
    });
  }
}
