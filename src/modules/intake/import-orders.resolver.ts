import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Allow, Role, SELLERS } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate, type ActionScope } from '../../graph/mutation.js';
import { toUserError } from '../../graph/user-errors.js';
import { Refusal } from '../../shared/failures.js';
import { OrderType, ordersById } from '../orders/index.js';
import { importOrders } from './actions/import-orders.js';
import { reportOf, type ImportReported } from './import-report.rules.js';
import { ImportedRow, ImportOrdersInput, ImportOrdersPayload } from './import-orders.type.js';

@Resolver(() => ImportedRow)
export class ImportOrdersResolver {
  @Allow([...SELLERS, Role.SUPPORT])
  @Mutation(() => ImportOrdersPayload, {
    description:
      'Takes orders from a table, as RECEIVED, and tells of each row what became of it. A row that is wrong keeps its own ' +
      'order out and no other. A reference is taken once for each channel: the same file again makes nothing.',
  })
  async importOrders(
    @Arg('input', () => ImportOrdersInput, { description: 'The table.' }) input: ImportOrdersInput,
    @Ctx() context: GraphContext,
  ): Promise<ImportOrdersPayload> {
    if (input.dryRun) return tell(context, input);
    const { outcome, ...rest } = await mutate(context, 'importOrders', input, async (scope) => ({
      report: JSON.stringify(reportOf(await importOrders(scope, input))),
    }));
    // What was told is remembered with the key; the orders in it are read afresh.
    return { ...(outcome === null ? reportOf(null) : (JSON.parse(outcome.report) as ImportReported)), ...rest };
  }

  @FieldResolver(() => OrderType, { nullable: true, description: 'The order that it is in; null where there is none.' })
  order(@Root() row: ImportedRow, @Ctx() context: GraphContext): Promise<OrderType | null> | null {
    return row.orderId === null ? null : context.load(ordersById, row.orderId);
  }
}

/** What would become of the table now; nothing is written. */
async function tell(context: GraphContext, input: ImportOrdersInput): Promise<ImportOrdersPayload> {
  const { db, clock, viewer } = context;
  const service: ActionScope['service'] = (key) => context.service(key);
  try {
    const report = await db.transaction('tell-import', (tx) =>
      importOrders(
        { tx, now: clock.now(), actor: viewer.actor, customerId: viewer.customerId, service },
        { ...input, dryRun: true },
      ),
    );
    return { ...reportOf(report), replayed: false, userErrors: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...reportOf(null), replayed: false, userErrors: error.errors.map(toUserError) };
  }
}
