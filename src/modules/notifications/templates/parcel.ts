import { greeting, ownNumber, rowsOf, type Facts, type LetterTemplate } from './facts.js';

/** What left, with the way to follow it. */
export const shipped: LetterTemplate = (facts) => {
  const { language, order, shipment } = facts;
  const number = `${order.number}${ownNumber(facts)}`;
  const words = {
    en: {
      subject: `Order ${order.number} is on its way`,
      left: `goods of your order ${number} have left:`,
      track: 'Track the parcel',
    },
    it: {
      subject: `Ordine ${order.number} spedito`,
      left: `merce del Suo ordine ${number} è partita:`,
      track: 'Segui la spedizione',
    },
  }[language];
  const by = carriedBy(facts);
  return {
    subject: words.subject,
    paragraphs: [greeting(facts), words.left],
    rows: [...parcelRows(facts), ...(by ? [[by, '']] : [])],
    link: shipment ? { label: words.track, url: shipment.pageUrl } : null,
  };
};

export const delivered: LetterTemplate = (facts) => {
  const { language, order } = facts;
  const number = `${order.number}${ownNumber(facts)}`;
  const words = {
    en: { subject: `Order ${order.number}: delivered`, came: `goods of your order ${number} have been delivered:` },
    it: { subject: `Ordine ${order.number}: consegnato`, came: `merce del Suo ordine ${number} è stata consegnata:` },
  }[language];
  return { subject: words.subject, paragraphs: [greeting(facts), words.came], rows: parcelRows(facts) };
};

function parcelRows({ shipment, language }: Facts): string[][] {
  return rowsOf(shipment?.lines ?? [], language);
}

function carriedBy({ shipment, language }: Facts): string | null {
  if (!shipment?.carrier && !shipment?.trackingNumber) return null;
  const carrier = { en: 'Carrier', it: 'Corriere' }[language];
  return `${carrier}: ${[shipment.carrier, shipment.trackingNumber].filter((part) => part !== null).join(', ')}`;
}
