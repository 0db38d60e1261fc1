import type { LetterTemplate } from './facts.js';

export const holdPlaced: LetterTemplate = ({ language, order, hold }) => {
  const reason = hold?.reason ?? 'MANUAL';
  const words = {
    en: {
      subject: `Order ${order.number} is on hold: ${reason}`,
      text: 'Nothing of it moves on until the hold is released.',
    },
    it: {
      subject: `Ordine ${order.number} bloccato: ${reason}`,
      text: 'Non prosegue finché il blocco non viene tolto.',
    },
  }[language];
  return {
    subject: words.subject,
    paragraphs: [...whose(order.customerName), words.text, ...(hold?.note ? [hold.note] : [])],
  };
};

export const shipmentException: LetterTemplate = ({ language, order, shipment }) => {
  const status = shipment?.status ?? 'EXCEPTION';
  const number = shipment?.number ?? '';
  const words = {
    en: { subject: `Shipment ${number} of order ${order.number}: ${status}`, text: 'Somebody should look at it.' },
    it: {
      subject: `Spedizione ${number} dell’ordine ${order.number}: ${status}`,
      text: 'Qualcuno dovrebbe occuparsene.',
    },
  }[language];
  const by = [shipment?.carrier, shipment?.trackingNumber].filter((part) => part != null).join(', ');
  return {
    subject: words.subject,
    paragraphs: [...whose(order.customerName), words.text, ...(by ? [by] : [])],
    link: shipment?.trackingUrl ? { label: shipment.trackingNumber ?? number, url: shipment.trackingUrl } : null,
  };
};

function whose(customer: string | null): string[] {
  return customer === null ? [] : [customer];
}
