import { z } from 'zod';
import { readWire } from '#connect';
import { bundlesAt, bundleShape } from './bundles.js';
import type { Source } from './pulling.js';
import { quoteChanges } from './quotes.js';
import { idAt, recordShape } from './wire.js';

const rawShape = z.object({ opportunity: recordShape, quotes: z.array(bundleShape) });

/** An opportunity decides what is won: its change tells its quotes anew, which did not change themselves. */
export const opportunities: Source<z.infer<typeof rawShape>> = {
  of: 'quote',
  type: 'Opportunity',
  prefix: 'opportunity-',
  isWhole: false,
  isWanted: (settings) => settings.quotes === 'cpq',
  // Its quotes bring what it says of them.
  fields: () => [],
  async gather(context, records) {
    const found = await bundlesAt(
      context,
      records.map(({ Id }) => Id),
    );
    return records.map((opportunity) => ({
      opportunity,
      quotes: found.filter(({ quote }) => idAt(quote, 'SBQQ__Opportunity2__c') === opportunity.Id),
    }));
  },
  read: (raw, settings) => readWire(rawShape, raw).quotes.flatMap((bundle) => quoteChanges(bundle, settings)),
};
