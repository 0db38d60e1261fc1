import type { ActionScope } from '../../../graph/mutation.js';
import { typeId } from '../../../shared/ids.js';
import { SHIPMENT_PREFIX, updateShipment, type ShipmentRow } from '../../fulfillment/index.js';
import { lockOrder, type LockedOrder } from '../../orders/index.js';
import { settleLabelRow, type LabelRow, type LabelStatus } from '../label.queries.js';
import { isUnderWay } from '../label.rules.js';
import { tellLabel } from '../label-events.js';
import type { BoughtLabel, LabelAnswer } from '../provider.js';
import { endWatch, watchShipment } from '../watch.queries.js';
import { lockShipmentForAction } from './lock-shipment.js';

const LONGEST_TEXT = 500;
const AN_HOUR_MS = 3_600_000;

/** Writes down what became of a label that was asked for. An answer that comes twice changes nothing. */
export async function settleLabel(scope: ActionScope, asked: LabelRow, answer: LabelAnswer): Promise<void> {
  const shipmentId = typeId(SHIPMENT_PREFIX, asked.shipment_id);
  const { order, shipment, label } = await lockShipmentForAction(scope, { shipmentId });
  if (label?.id !== asked.id || label.status !== asked.status || !isUnderWay(label.status)) return;
  if (answer.kind === 'bought') return keepLabel(scope, order, shipment, label, answer.label);
  if (answer.kind === 'canceled') return forgetLabel(scope, order, shipment, label);
  const status = label.status === 'REQUESTED' ? 'FAILED' : 'BOUGHT';
  const reason = textOf(answer.reason);
  settle(scope, label, status, reason);
  const words = status === 'FAILED' ? 'was not bought' : 'was not canceled';
  await tellLabel(scope, order, shipment.number, { label, status, words, reason });
}

async function keepLabel(
  scope: ActionScope,
  order: LockedOrder,
  shipment: ShipmentRow,
  label: LabelRow,
  { url, trackingNumber, trackingUrl, tracker }: BoughtLabel,
): Promise<void> {
  const { tx, now } = scope;
  const { carrier, service, provider } = label;
  const at = now.toISOString();
  const followed = isAddress(trackingUrl) ? trackingUrl : null;
  tx.defer(settleLabelRow(label.id, 'BOUGHT', null, isAddress(url) ? url : null, trackingNumber, followed, at));
  const next = new Date(now.getTime() + AN_HOUR_MS).toISOString();
  if (trackingNumber !== null) tx.defer(watchShipment(shipment.id, provider, tracker, next, at));
  const header = { carrier, service, trackingNumber, trackingUrl: followed };
  await updateShipment(scope, { shipmentId: typeId(SHIPMENT_PREFIX, shipment.id), ...header });
  await tx.flush();
  const words = `was bought, number ${trackingNumber ?? 'unknown'}`;
  await tellLabel(scope, await again(scope, order), shipment.number, { label, status: 'BOUGHT', words });
}

/** The shipment has no carrier again, unless somebody has given it another number meanwhile. */
export async function forgetLabel(
  scope: ActionScope,
  order: LockedOrder,
  shipment: ShipmentRow,
  label: LabelRow,
): Promise<void> {
  const { tx } = scope;
  settle(scope, label, 'CANCELED', null);
  if (shipment.tracking_number === label.tracking_number) {
    const none = { carrier: null, service: null, trackingNumber: null, trackingUrl: null };
    tx.defer(endWatch(shipment.id));
    await updateShipment(scope, { shipmentId: typeId(SHIPMENT_PREFIX, shipment.id), ...none });
  }
  await tx.flush();
  const told = { label, status: 'CANCELED', words: 'was canceled' } as const;
  await tellLabel(scope, await again(scope, order), shipment.number, told);
}

function settle({ tx, now }: ActionScope, label: LabelRow, status: LabelStatus, reason: string | null): void {
  const { url, tracking_number: number, tracking_url: address } = label;
  tx.defer(settleLabelRow(label.id, status, reason, url, number, address, now.toISOString()));
}

/** Behind a step that has written events of its own. */
async function again({ tx }: ActionScope, order: LockedOrder): Promise<LockedOrder> {
  return (await tx.one(lockOrder(order.id)))!;
}

function isAddress(url: string | null): boolean {
  return url !== null && /^https?:\/\/\S{1,1990}$/.test(url);
}

function textOf(text: string): string {
  return text.replaceAll('\0', '').slice(0, LONGEST_TEXT);
}
