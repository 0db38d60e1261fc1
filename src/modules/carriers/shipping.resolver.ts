import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Allow, INSIDE, Role } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate, type MutationResult } from '../../graph/mutation.js';
import { toUserError } from '../../graph/user-errors.js';
import type { UserErrorFacts } from '../../shared/failures.js';
import { shipmentsById, ShipmentType } from '../fulfillment/index.js';
import { buyLabel } from './actions/buy-label.js';
import { cancelLabel } from './actions/cancel-label.js';
import { carryOutLabel } from './actions/carry-out-label.js';
import { carryOutRating, type CarrierParts } from './actions/carry-out-rating.js';
import { followShipment } from './actions/follow-shipment.js';
import { rateShipment } from './actions/rate-shipment.js';
import { trackShipment } from './actions/track-shipment.js';
import type { LabelRow } from './label.queries.js';
import { isUnderWay } from './label.rules.js';
import {
  BuyLabelInput,
  CancelLabelInput,
  RateShipmentInput,
  ShippingPayload,
  TrackShipmentInput,
} from './shipping-input.type.js';
import { labelOfShipment, offersOfShipment } from './shipping.loaders.js';
import { ShippingLabelType, ShippingOfferType } from './shipping.type.js';

const SHIPPERS = [Role.ADMIN, Role.WAREHOUSE, Role.LOGISTICS, Role.INTEGRATION];

@Resolver(() => ShipmentType)
export class ShippingResolver {
  @Allow(SHIPPERS)
  @Mutation(() => ShippingPayload, {
    description:
      'Asks every carrier what a shipment would cost. Its offers say which of them the rules take, and why; nothing is bought.',
  })
  async rateShipment(
    @Arg('input', () => RateShipmentInput, { description: 'Which shipment.' }) input: RateShipmentInput,
    @Ctx() context: GraphContext,
  ): Promise<ShippingPayload> {
    const result = await mutate(context, 'rateShipment', input, (scope) => rateShipment(scope, input));
    if (!result.outcome) return payload(context, result, []);
    const { silent } = await carryOutRating(partsOf(context), result.outcome.ratingId);
    const errors = silent.map((message) => ({ code: 'PROVIDER_UNAVAILABLE' as const, message }));
    return payload(context, result, errors);
  }

  @Allow(SHIPPERS)
  @Mutation(() => ShippingPayload, {
    description:
      'Buys the label of a shipment by one of its offers. An answer that is lost is found out; none is bought twice.',
  })
  async buyLabel(
    @Arg('input', () => BuyLabelInput, { description: 'Which offer.' }) input: BuyLabelInput,
    @Ctx() context: GraphContext,
  ): Promise<ShippingPayload> {
    const result = await mutate(context, 'buyLabel', input, (scope) => buyLabel(scope, input));
    return labelPayload(context, result);
  }

  @Allow(SHIPPERS)
  @Mutation(() => ShippingPayload, { description: 'Gives back the label of a shipment that has not left.' })
  async cancelLabel(
    @Arg('input', () => CancelLabelInput, { description: 'Which shipment’s.' }) input: CancelLabelInput,
    @Ctx() context: GraphContext,
  ): Promise<ShippingPayload> {
    const result = await mutate(context, 'cancelLabel', input, (scope) => cancelLabel(scope, input));
    return labelPayload(context, result);
  }

  @Allow(SHIPPERS)
  @Mutation(() => ShippingPayload, {
    description: 'Asks the carrier now where a shipment is, and has it followed from now on.',
  })
  async trackShipment(
    @Arg('input', () => TrackShipmentInput, { description: 'Which shipment.' }) input: TrackShipmentInput,
    @Ctx() context: GraphContext,
  ): Promise<ShippingPayload> {
    const result = await mutate(context, 'trackShipment', input, (scope) => trackShipment(scope, input));
    if (!result.outcome || result.replayed) return payload(context, result, []);
    const obstacle = await followShipment(partsOf(context), result.outcome.shipmentId);
    const errors = obstacle === null ? [] : [{ code: 'PROVIDER_UNAVAILABLE' as const, message: obstacle }];
    return payload(context, result, errors);
  }

  @Allow(INSIDE)
  @FieldResolver(() => [ShippingOfferType], {
    description:
      'What carriers have offered when they were asked last: the chosen offer first, those that were dropped last.',
  })
  offers(@Root() { row }: ShipmentType, @Ctx() context: GraphContext): Promise<ShippingOfferType[]> {
    return context.load(offersOfShipment, row.id);
  }

  @Allow(INSIDE)
  @FieldResolver(() => ShippingLabelType, { nullable: true, description: 'Its last label.' })
  label(@Root() { row }: ShipmentType, @Ctx() context: GraphContext): Promise<ShippingLabelType | null> {
    return context.load(labelOfShipment, row.id);
  }
}

async function labelPayload(
  context: GraphContext,
  result: MutationResult<{ shipmentId: string; labelId: string }>,
): Promise<ShippingPayload> {
  if (!result.outcome) return payload(context, result, []);
  // What fails here leaves a label that is settled later.
  const label = await carryOutLabel(partsOf(context), result.outcome.labelId);
  return payload(context, result, errorsOf(label));
}

function errorsOf({ status, provider, reason }: LabelRow): UserErrorFacts[] {
  if (isUnderWay(status)) return [unanswered(provider)];
  return reason === null ? [] : [{ code: 'CARRIER_DECLINED', message: `${provider}: ${reason}` }];
}

function unanswered(who: string): UserErrorFacts {
  return { code: 'PROVIDER_UNAVAILABLE', message: `${who} has not answered; the hub asks again by itself` };
}

function partsOf(context: GraphContext): CarrierParts {
  const { db, clock, log, viewer } = context;
  return { db, clock, log, actor: viewer.actor, service: context.service.bind(context) };
}

async function payload(
  context: GraphContext,
  { outcome, replayed, userErrors }: MutationResult<{ shipmentId: string }>,
  errors: UserErrorFacts[],
): Promise<ShippingPayload> {
  context.forget();
  return {
    shipment: outcome && (await context.load(shipmentsById, outcome.shipmentId)),
    replayed,
    userErrors: [...userErrors, ...errors.map(toUserError)],
  };
}
