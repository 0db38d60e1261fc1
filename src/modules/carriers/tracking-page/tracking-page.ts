import { parseInstant } from '../../../shared/clock.js';
import { decimalText } from '../../../shared/decimal.js';
import type { ShipmentStatus } from '../../fulfillment/index.js';
import { STYLE } from './tracking-page.css.js';
import type { TrackedEventRow, TrackedItemRow, TrackedOrderRow, TrackedShipmentRow } from './tracking-page.queries.js';
import { WORDS, type Language, type Words } from './tracking-page.words.js';

export interface ShownShipment extends TrackedShipmentRow {
  items: TrackedItemRow[];
  events: TrackedEventRow[];
}
interface Setting {
  words: Words;
  zone: string;
}

/** Where a shipment is on its way of four steps; null where it is not on it. */
const STEP: Readonly<Record<ShipmentStatus, number | null>> = {
  PENDING: 0,
  PICKING: 0,
  PACKED: 0,
  SHIPPED: 1,
  IN_TRANSIT: 1,
  EXCEPTION: 1,
  OUT_FOR_DELIVERY: 2,
  DELIVERY_FAILED: 2,
  DELIVERED: 3,
  RETURNED_TO_SENDER: null,
  LOST: null,
  CANCELED: null,
};

/** The page of an order, or of one of its shipments. */
export function trackingPage(order: TrackedOrderRow, shipments: ShownShipment[], language: Language): string {
  const words = WORDS[language];
  const setting = { words, zone: zoneOf(order.country) };
  const parts = shipments.map((shipment) => card(shipment, order, setting));
  const said = order.status === 'CANCELED' ? words.canceledOrder : words.noShipments;
  return page(language, `${words.order} ${order.number}`, [
    `<header><h1>${text(words.title)}</h1><p>${text(words.order)} ${text(order.number)}</p></header>`,
    ...(parts.length > 0 ? parts : [`<section class="card"><p>${text(said)}</p></section>`]),
  ]);
}

/** What a visitor is told who has no link of the hub’s, or comes too often. */
export function plainPage(language: Language, what: 'notFound' | 'tooMany'): string {
  const words = WORDS[language];
  const hint = words[`${what}Hint`];
  return page(language, words[what], [
    `<section class="card"><h1>${text(words[what])}</h1><p class="soft">${text(hint)}</p></section>`,
  ]);
}

function page(language: Language, title: string, parts: string[]): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex,nofollow">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body><main>
${parts.join('\n')}
</main></body>
</html>
`;
}

function card(shipment: ShownShipment, order: TrackedOrderRow, setting: Setting): string {
  const { words } = setting;
  const { number, status, items, events } = shipment;
  const hint = words.hint[status];
  return [
    `<section class="card" aria-labelledby="${text(number)}">`,
    `<h2 id="${text(number)}">${text(words.status[status])}</h2>`,
    `<p class="soft">${text(words.shipment)} ${text(number)} · ${moment(shipment.status_at, setting)}</p>`,
    ...(hint ? [`<p class="notice">${text(hint)}</p>`] : []),
    steps(status, words),
    facts(shipment, order, words),
    link(shipment, words),
    `<h3>${text(words.history)}</h3>`,
    events.length === 0
      ? `<p class="soft">${text(words.noHistory)}</p>`
      : `<ol class="events">${events.map((event) => eventItem(event, setting)).join('')}</ol>`,
    `<h3>${text(words.contents)}</h3>`,
    `<ul class="items">${items.map(lineItem).join('')}</ul>`,
    '</section>',
  ].join('\n');
}

function steps(status: ShipmentStatus, words: Words): string {
  const now = STEP[status];
  if (now === null) return '';
  const shown = words.steps.map((name, step) => {
    const [kind, said] =
      step < now ? ['done', words.done] : step === now ? ['now', words.current] : ['open', words.open];
    const mark = step === words.steps.length - 1 ? ' last' : words.hint[status] ? ' bad' : '';
    const attributes = `class="${kind}${mark}"${step === now ? ' aria-current="step"' : ''}`;
    return `<li ${attributes}>${text(name)}<span class="hidden"> (${text(said)})</span></li>`;
  });
  return `<ol class="steps" aria-label="${text(words.progress)}">${shown.join('')}</ol>`;
}

function facts(shipment: ShownShipment, order: TrackedOrderRow, words: Words): string {
  const place = [order.city, order.country && countryName(order.country, words)].filter(Boolean).join(', ');
  const rows: [string, string | null][] = [
    [words.destination, place || null],
    [words.carrier, shipment.carrier],
    [words.trackingNumber, shipment.tracking_number],
  ];
  const shown = rows.filter(([, value]) => value !== null);
  if (shown.length === 0) return '';
  return `<dl>${shown.map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value!)}</dd>`).join('')}</dl>`;
}

function link({ tracking_url: url }: ShownShipment, words: Words): string {
  if (url === null || !/^https?:\/\//.test(url)) return '';
  const hidden = `<span class="hidden"> (${text(words.opensElsewhere)})</span>`;
  return `<a class="go" rel="noreferrer noopener" href="${text(url)}">${text(words.follow)}${hidden}</a>`;
}

function eventItem({ status, place, at }: TrackedEventRow, setting: Setting): string {
  const where = place === null ? '' : ` · ${text(place)}`;
  return `<li><b>${text(setting.words.status[status])}</b><span class="soft">${moment(at, setting)}${where}</span></li>`;
}

function lineItem({ name, quantity }: TrackedItemRow): string {
  return `<li><span>${text(name)}</span><span>× ${text(decimalText(quantity))}</span></li>`;
}

function moment(at: string, { words, zone }: Setting): string {
  const instant = parseInstant(at);
  const shown = new Intl.DateTimeFormat(words.locale, {
    ...{ day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false },
    timeZone: zone,
    ...(zone === 'UTC' && { timeZoneName: 'short' }),
  } as Intl.DateTimeFormatOptions).format(instant);
  return `<time datetime="${instant.toISOString()}">${text(shown)}</time>`;
}

/** The clock of where it goes, where the whole country has one. */
function zoneOf(country: string | null): string {
  if (country === null || !/^[A-Z]{2}$/.test(country)) return 'UTC';
  const zones = (new Intl.Locale(`und-${country}`) as { getTimeZones?(): string[] | undefined }).getTimeZones?.();
  return zones?.length === 1 ? zones[0]! : 'UTC';
}

function countryName(country: string, { locale }: Words): string {
  if (!/^[A-Z]{2}$/.test(country)) return country;
  return new Intl.DisplayNames([locale], { type: 'region' }).of(country) ?? country;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function text(value: string): string {
  return value.replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign]!);
}
