import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { OrderType } from '../orders/index.js';
import { ExternalReferenceType } from '../references/index.js';
import { paymentReferences, paymentsOfOrder } from './payment.loaders.js';
import { PaymentType } from './payment.type.js';

@Resolver(() => PaymentType)
export class PaymentResolver {
  @Allow(INSIDE)
  @FieldResolver(() => [ExternalReferenceType], { description: 'The systems that know this payment too.' })
  externalReferences(@Root() { row }: PaymentType, @Ctx() context: GraphContext): Promise<ExternalReferenceType[]> {
    return context.load(paymentReferences, row.id);
  }
}

@Resolver(() => OrderType)
export class OrderPaymentsResolver {
  @FieldResolver(() => [PaymentType], { description: 'Its payments, the oldest first.' })
  payments(@Root() { row }: OrderType, @Ctx() context: GraphContext): Promise<PaymentType[]> {
    return context.load(paymentsOfOrder, row.id);
  }
}
