import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { isOnItsWay } from '../../fulfillment/index.js';
import { cancelLabelRow } from '../label.queries.js';
import { nextTry } from '../label.rules.js';
import { tellLabel } from '../label-events.js';
import { MANUAL } from '../provider.js';
import type { CancelLabelInput } from '../shipping-input.type.js';
import { lockShipmentForAction } from './lock-shipment.js';
import { forgetLabel } from './settle-label.js';

type Input = Omit<CancelLabelInput, 'idempotencyKey'>;

/**
 * Gives back the label of a shipment that has not left. Of a provider that is asked over the network no more is written
 * than that: `carryOutLabel` asks behind the transaction.
 */
export async function cancelLabel(scope: ActionScope, input: Input): Promise<{ shipmentId: string; labelId: string }> {
  const { order, shipment, label } = await lockShipmentForAction(scope, input);
  const { number, status } = shipment;
  if (label?.status !== 'BOUGHT')
    throw refuse('CONFLICT', `shipment ${number} has no label that could be canceled`, ['shipmentId']);
  if (isOnItsWay(status))
    throw refuse('CONFLICT', `shipment ${number} is ${status}: its label is used`, ['shipmentId']);
  const outcome = { shipmentId: shipment.id, labelId: label.id };
  if (label.provider === MANUAL) {
    await forgetLabel(scope, order, shipment, label);
    return outcome;
  }
  scope.tx.defer(cancelLabelRow(label.id, nextTry(scope.now, 0).toISOString()));
  await tellLabel(scope, order, number, { label, status: 'CANCELING', words: 'is to be canceled' });
  return outcome;
}
