/** What a column may hold, as the first row names it. */
const ADDRESS_PARTS = [
  'name',
  'company',
  'line1',
  'line2',
  'city',
  'region',
  'postal_code',
  'country',
  'phone',
] as const;
const OF_LINES = ['sku', 'quantity', 'unit_price'] as const;
const OF_ORDERS = [
  'currency',
  'customer_number',
  'email',
  'customer_name',
  'purchase_order_number',
  'note',
  'requested_delivery',
  'shipping_method',
  'shipping_price',
] as const;

type AddressColumn = `${'ship' | 'bill'}_${(typeof ADDRESS_PARTS)[number]}`;
export type LineColumn = (typeof OF_LINES)[number];
export type OrderColumn = (typeof OF_ORDERS)[number] | AddressColumn;
export type Column = 'order' | LineColumn | OrderColumn;

const addressColumns = (of: 'ship' | 'bill'): AddressColumn[] =>
  ADDRESS_PARTS.map((part): AddressColumn => `${of}_${part}`);

export const LINE_COLUMNS: readonly LineColumn[] = OF_LINES;
export const ORDER_COLUMNS: readonly OrderColumn[] = [
  ...OF_ORDERS,
  ...addressColumns('ship'),
  ...addressColumns('bill'),
];
export const ORDER_COLUMN_NAMES: readonly Column[] = ['order', ...LINE_COLUMNS, ...ORDER_COLUMNS];
export const NEEDED_COLUMNS = ['order', 'sku', 'quantity'] as const;

/** Where an error of the order itself stands in the file. */
const PATHS: readonly (readonly [path: RegExp, column: Column])[] = [
  [/^lines\.\d+\.sku$/, 'sku'],
  [/^lines\.\d+\.quantity$/, 'quantity'],
  [/^lines\.\d+\.unitPrice/, 'unit_price'],
  [/^shippingPrice/, 'shipping_price'],
  [/^shippingAddress\.country$/, 'ship_country'],
  [/^customer\.(number|customerId)$/, 'customer_number'],
  [/^customerId$/, 'customer_number'],
  [/^email$/, 'email'],
  [/^name$/, 'customer_name'],
];

export function columnAt(path: readonly string[]): Column | null {
  const text = path.join('.');
  return PATHS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** "Postal-Code " is postal_code. */
export function plainColumn(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
}
