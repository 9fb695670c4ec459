import { Injectable } from '@nestjs/common';
import { Database } from '@parley/persistence';

export interface StoredTenant {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

const columns = 'id, name, created_at as "createdAt"';

@Injectable()
export class TenantsRepository {
  constructor(private readonly database: Database) {}

  find(id: string): Promise<StoredTenant | undefined> {
    return this.database.inTenant(id, async (tx) => {
      const [row] = await tx.query<StoredTenant>(`select ${columns} from tenants where id = $1`, [id]);
      return row;
    });
  }

  rename(id: string, name: string): Promise<StoredTenant | undefined> {
    return this.database.inTenant(id, async (tx) => {
      const [row] = await tx.query<StoredTenant>(`update tenants set name = $2 where id = $1 returning ${columns}`, [
        id,
        name,
      ]);
      return row;
    });
  }
}
