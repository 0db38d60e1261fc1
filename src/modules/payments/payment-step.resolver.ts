import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow, Role, SELLERS } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { ordersById } from '../orders/index.js';
import { actOnPayment, type Acted } from './actions/act-on-payment.js';
import { authorizePayment, recordPayment } from './actions/authorize-payment.js';
import { capturePayment, refundPayment, voidPayment } from './actions/step-payment.js';
import {
  AuthorizePaymentInput,
  CapturePaymentInput,
  PaymentPayload,
  RecordPaymentInput,
  RefundPaymentInput,
  VoidPaymentInput,
} from './payment-input.type.js';
import { paymentsById } from './payment.loaders.js';

const CASHIERS = [Role.ADMIN, Role.FINANCE];

@Resolver()
export class PaymentStepResolver {
  @Allow([...SELLERS, Role.FINANCE])
  @Mutation(() => PaymentPayload, {
    description:
      'Begins a payment of an order: a provider sets the money aside, a transfer is awaited, or the customer pays on account. ' +
      'From then on nothing of the order leaves before its total is covered.',
  })
  async authorizePayment(
    @Arg('input', () => AuthorizePaymentInput, { description: 'How much of which order, and by whom.' })
    input: AuthorizePaymentInput,
    @Ctx() context: GraphContext,
  ): Promise<PaymentPayload> {
    return payload(context, await actOnPayment(context, 'authorizePayment', input, authorizePayment));
  }

  @Allow(CASHIERS)
  @Mutation(() => PaymentPayload, { description: 'Notes money that came for an order and that nobody had announced.' })
  async recordPayment(
    @Arg('input', () => RecordPaymentInput, { description: 'How much came for which order.' })
    input: RecordPaymentInput,
    @Ctx() context: GraphContext,
  ): Promise<PaymentPayload> {
    return payload(context, await actOnPayment(context, 'recordPayment', input, recordPayment));
  }

  @Allow(CASHIERS)
  @Mutation(() => PaymentPayload, {
    description: 'Takes some or all of what a payment has authorized; of money that people move: notes that it came.',
  })
  async capturePayment(
    @Arg('input', () => CapturePaymentInput, { description: 'How much of which payment.' })
    input: CapturePaymentInput,
    @Ctx() context: GraphContext,
  ): Promise<PaymentPayload> {
    return payload(context, await actOnPayment(context, 'capturePayment', input, capturePayment));
  }

  @Allow(CASHIERS)
  @Mutation(() => PaymentPayload, { description: 'Gives up what of a payment was not taken.' })
  async voidPayment(
    @Arg('input', () => VoidPaymentInput, { description: 'Which payment.' }) input: VoidPaymentInput,
    @Ctx() context: GraphContext,
  ): Promise<PaymentPayload> {
    return payload(context, await actOnPayment(context, 'voidPayment', input, voidPayment));
  }

  @Allow(CASHIERS)
  @Mutation(() => PaymentPayload, { description: 'Gives back some or all of what a payment has taken; never more.' })
  async refundPayment(
    @Arg('input', () => RefundPaymentInput, { description: 'How much of which payment.' })
    input: RefundPaymentInput,
    @Ctx() context: GraphContext,
  ): Promise<PaymentPayload> {
    return payload(context, await actOnPayment(context, 'refundPayment', input, refundPayment));
  }
}

async function payload(context: GraphContext, { paymentId, orderId, ...rest }: Acted): Promise<PaymentPayload> {
  context.forget();
  return {
    payment: paymentId === null ? null : await context.load(paymentsById, paymentId),
    order: orderId === null ? null : await context.load(ordersById, orderId),
    ...rest,
  };
}
