import { defineLoader, inOrderOf } from '../../graph/context.js';
import { selectRates } from './tax-rate.queries.js';
import { TaxRateType } from './tax-rate.type.js';

export const taxRatesById = defineLoader<string, TaxRateType | null>('taxRatesById', async (ids, { db }) => {
  const rows = await db.read(selectRates(ids));
  return inOrderOf(
    ids,
    rows.map((row) => new TaxRateType(row)),
    ({ row }) => row.id,
  );
});
