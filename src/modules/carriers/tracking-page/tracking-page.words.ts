import type { ShipmentStatus } from '../../fulfillment/index.js';

export type Language = 'en' | 'it';

export interface Words {
  /** For dates. */
  locale: string;
  title: string;
  order: string;
  shipment: string;
  destination: string;
  carrier: string;
  trackingNumber: string;
  follow: string;
  opensElsewhere: string;
  progress: string;
  done: string;
  current: string;
  open: string;
  history: string;
  noHistory: string;
  contents: string;
  noShipments: string;
  canceledOrder: string;
  notFound: string;
  notFoundHint: string;
  tooMany: string;
  tooManyHint: string;
  steps: readonly [string, string, string, string];
  status: Readonly<Record<ShipmentStatus, string>>;
  hint: Readonly<Partial<Record<ShipmentStatus, string>>>;
}

const en: Words = {
  locale: 'en-GB',
  title: 'Track your delivery',
  order: 'Order',
  shipment: 'Shipment',
  destination: 'Going to',
  carrier: 'Carrier',
  trackingNumber: 'Tracking number',
  follow: 'Follow it at the carrier',
  opensElsewhere: 'the carrier’s own site',
  progress: 'Progress',
  done: 'done',
  current: 'now',
  open: 'to come',
  history: 'What has happened',
  noHistory: 'Nothing has been reported yet.',
  contents: 'In this shipment',
  noShipments: 'Your order is being prepared. As soon as something is packed, you can follow it here.',
  canceledOrder: 'This order was canceled.',
  notFound: 'Nothing can be followed here',
  notFoundHint: 'Check that the address is complete: open the link from your message again.',
  tooMany: 'Too many visits',
  tooManyHint: 'Please try again in a minute.',
  // Short: a phone shows four of them side by side.
  steps: ['Preparing', 'On its way', 'Out for delivery', 'Delivered'],
  status: {
    PENDING: 'In preparation',
    PICKING: 'In preparation',
    PACKED: 'Packed',
    SHIPPED: 'Handed to the carrier',
    IN_TRANSIT: 'On its way',
    OUT_FOR_DELIVERY: 'Out for delivery',
    DELIVERED: 'Delivered',
    EXCEPTION: 'Held up',
    DELIVERY_FAILED: 'Could not be delivered',
    RETURNED_TO_SENDER: 'Sent back to us',
    LOST: 'Lost',
    CANCELED: 'Canceled',
  },
  hint: {
    EXCEPTION: 'Something holds it up. We are looking into it.',
    DELIVERY_FAILED: 'The carrier could not hand it over and may try again. We are looking into it.',
    RETURNED_TO_SENDER: 'It comes back to us. We will get in touch with you.',
    LOST: 'The carrier cannot find it. We will get in touch with you.',
  },
};

const it: Words = {
  locale: 'it-IT',
  title: 'Segui la tua consegna',
  order: 'Ordine',
  shipment: 'Spedizione',
  destination: 'Destinazione',
  carrier: 'Corriere',
  trackingNumber: 'Numero di tracciamento',
  follow: 'Segui sul sito del corriere',
  opensElsewhere: 'sito del corriere',
  progress: 'Avanzamento',
  done: 'fatto',
  current: 'ora',
  open: 'da fare',
  history: 'Cosa è successo',
  noHistory: 'Non ci sono ancora aggiornamenti.',
  contents: 'In questa spedizione',
  noShipments: 'Il tuo ordine è in preparazione. Appena qualcosa sarà pronto, potrai seguirlo qui.',
  canceledOrder: 'Questo ordine è stato annullato.',
  notFound: 'Qui non c’è nulla da seguire',
  notFoundHint: 'Controlla che l’indirizzo sia completo: apri di nuovo il link dal tuo messaggio.',
  tooMany: 'Troppe visite',
  tooManyHint: 'Riprova tra un minuto.',
  steps: ['In magazzino', 'In viaggio', 'In consegna', 'Arrivato'],
  status: {
    PENDING: 'In preparazione',
    PICKING: 'In preparazione',
    PACKED: 'Imballato',
    SHIPPED: 'Affidato al corriere',
    IN_TRANSIT: 'In viaggio',
    OUT_FOR_DELIVERY: 'In consegna',
    DELIVERED: 'Consegnato',
    EXCEPTION: 'In attesa',
    DELIVERY_FAILED: 'Consegna non riuscita',
    RETURNED_TO_SENDER: 'Rispedito a noi',
    LOST: 'Smarrito',
    CANCELED: 'Annullato',
  },
  hint: {
    EXCEPTION: 'Qualcosa lo trattiene. Ce ne stiamo occupando.',
    DELIVERY_FAILED: 'Il corriere non è riuscito a consegnarlo e potrebbe riprovare. Ce ne stiamo occupando.',
    RETURNED_TO_SENDER: 'Sta tornando da noi. Ti contatteremo.',
    LOST: 'Il corriere non lo trova. Ti contatteremo.',
  },
};

export const WORDS: Readonly<Record<Language, Words>> = { en, it };

/** What the visitor’s browser asks for, else what is spoken where the order goes, else English. */
export function languageFor(accepted: string | undefined, country: string | null): Language {
  const asked = (accepted ?? '')
    .split(',')
    .map((part, place) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const weight = /^q=(0(?:\.\d{1,3})?|1(?:\.0{1,3})?)$/.exec(parameters.join('').trim())?.[1];
      return { language: tag.split('-')[0], weight: weight === undefined ? 1 : Number(weight), place };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight || a.place - b.place);
  const found = asked.find(({ language }) => language === 'en' || language === 'it');
  return (found?.language as Language | undefined) ?? (country === 'IT' ? 'it' : 'en');
}
