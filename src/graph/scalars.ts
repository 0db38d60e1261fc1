import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLJSON } from 'graphql-scalars';
import { instantText, parseInstant } from '../shared/clock.js';
import { isDecimalText } from '../shared/decimal.js';
import { badInput } from '../shared/failures.js';
import { isCurrency } from '../shared/money.js';

const INSTANT = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const COUNTRY = /^[A-Z]{2}$/;

/** A scalar that travels as a string and is read by one rule. */
function textScalar<T>(
  name: string,
  description: string,
  expected: string,
  parse: (text: string) => T | null,
  serialize: (value: never) => string = (value) => value,
  specifiedByURL?: string,
): GraphQLScalarType<T, string> {
  const read = (value: unknown): T => {
    const parsed = typeof value === 'string' ? parse(value) : null;
    if (parsed === null) throw badInput(name, expected, value);
    return parsed;
  };
  return new GraphQLScalarType<T, string>({
    name,
    description,
    ...(specifiedByURL && { specifiedByURL }),
    serialize: serialize as (value: unknown) => string,
    parseValue: read,
    parseLiteral: (node: ValueNode) => read(node.kind === Kind.STRING ? node.value : literal(node)),
  });
}

function literal(node: ValueNode): unknown {
  return 'value' in node ? Number(node.value) : node.kind;
}

/** JavaScript reads the 30th of February as the 2nd of March. */
function isCalendarDay(day: string): boolean {
  const instant = parseInstant(`${day}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day);
}

export const DateTime = textScalar<Date>(
  'DateTime',
  'RFC 3339 instant; given out in UTC with milliseconds, e.g. "2026-03-01T09:30:00.000Z".',
  'an RFC 3339 instant such as "2026-03-01T09:30:00.000Z"',
  (text) => {
    if (!INSTANT.test(text) || !isCalendarDay(text.slice(0, 10))) return null;
    const instant = parseInstant(text);
    return Number.isNaN(instant.getTime()) ? null : instant;
  },
  (value: string | Date) =>
    typeof value === 'string' ? (value[10] === 'T' ? value : instantText(value)) : value.toISOString(),
  'https://www.rfc-editor.org/rfc/rfc3339',
);

export const CalendarDate = textScalar<string>(
  'Date',
  'A calendar day without a time, e.g. "2026-03-01".',
  'a calendar day such as "2026-03-01"',
  (text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) && isCalendarDay(text) ? text : null),
  (value: string) => value,
);

export const DecimalScalar = textScalar<string>(
  'Decimal',
  'Exact decimal number as a string, e.g. "1234.50". Never a float.',
  'a decimal number as a string such as "12.50"',
  (text) => (isDecimalText(text) ? text : null),
  (value: string) => value,
);

export const CurrencyCode = textScalar<string>(
  'CurrencyCode',
  'ISO 4217 code, e.g. "EUR".',
  'an ISO 4217 code such as "EUR"',
  (text) => (isCurrency(text) ? text : null),
);

export const CountryCode = textScalar<string>(
  'CountryCode',
  'ISO 3166-1 alpha-2 code, e.g. "IT".',
  'an ISO 3166-1 alpha-2 code such as "IT"',
  (text) => (COUNTRY.test(text) && regionName(text) !== text ? text : null),
);

export const EventCursor = textScalar<string>(
  'EventCursor',
  'Opaque position in the event log. Give it back as `after` to go on exactly behind that event.',
  'a cursor that a stream or timeline gave out',
  (text) => text,
);

export const Json = GraphQLJSON;

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });
function regionName(code: string): string | undefined {
  return regions.of(code);
}
