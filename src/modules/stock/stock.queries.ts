import { sql, type Statement } from '../../db/statement.js';
import { condition, rangeConditions, type Condition, type ListQuery } from '../../graph/list-query.js';
import { isPositive } from '../../shared/decimal.js';
import type { AvailableRow, LockedLevel } from './stock.rules.js';
import type { MovementRow } from './stock-movement.type.js';
import type { StockFilter, StockLevelRow, StockLocationRow } from './stock.type.js';

const LOCATION = 'id, code, name, address, is_active, version';
export const LEVEL_COLUMNS =
  'l.id, l.product_id, l.location_id, l.on_hand, l.reserved, l.safety_stock, l.reorder_point, l.reorder_quantity, ' +
  'l.updated_at, l.version';

export const selectLocations = sql<StockLocationRow>(
  'stock.locations',
  `select ${LOCATION} from stock_location where id = any($1::bigint[])`,
);
export const selectLocationByCode = sql<StockLocationRow>(
  'stock.location-by-code',
  `select ${LOCATION} from stock_location where code = $1`,
);
export const selectAllLocations = sql<StockLocationRow>(
  'stock.all-locations',
  `select ${LOCATION} from stock_location order by code`,
);

export const selectLevels = sql<StockLevelRow>(
  'stock.levels',
  `select ${LEVEL_COLUMNS} from stock_level l where l.id = any($1::bigint[])`,
);
export const selectLevelsOfProducts = sql<StockLevelRow>(
  'stock.levels-of-products',
  `select ${LEVEL_COLUMNS} from stock_level l join stock_location s on s.id = l.location_id
    where l.product_id = any($1::bigint[]) order by l.product_id, s.code`,
);
export const selectAvailable = sql<AvailableRow>(
  'stock.available',
  `select l.product_id, l.location_id, greatest(l.on_hand - l.reserved - l.safety_stock, 0) as available
     from stock_level l join stock_location s on s.id = l.location_id
    where l.product_id = any($1::bigint[]) and s.is_active order by l.product_id, l.location_id`,
);
export const selectLevelBySkuAndLocation = sql<StockLevelRow>(
  'stock.level-by-sku-and-location',
  `select ${LEVEL_COLUMNS} from stock_level l
     join product p on p.id = l.product_id join stock_location s on s.id = l.location_id
    where p.sku = $1 and s.code = $2`,
);

export interface CountedProduct {
  id: string;
  is_stocked: boolean;
  is_bundle: boolean;
}
export const selectCountedProduct = sql<CountedProduct>(
  'stock.counted-product',
  `select id, is_stocked, exists (select from bundle_component c where c.product_id = product.id) as is_bundle
     from product where sku = $1`,
);

export const ensureLevel = sql(
  'stock.ensure-level',
  `insert into stock_level (id, product_id, location_id, updated_at) values ($1, $2, $3, $4) on conflict do nothing`,
);

const LOCKED =
  'l.id, l.product_id, l.location_id, s.code as location_code, p.sku, l.on_hand, l.reserved, l.safety_stock, l.version';

export const lockLevel = sql<LockedLevel & { reorder_point: string | null; reorder_quantity: string | null }>(
  'stock.lock-level',
  `select l.reorder_point, l.reorder_quantity, ${LOCKED} from stock_level l
     join product p on p.id = l.product_id join stock_location s on s.id = l.location_id
    where l.product_id = $1 and l.location_id = $2 for no key update of l`,
);

/**
 * Locks the levels of the products by SKU and of their parts, at locations that promise, always in the order of product and location:
 * two orders for the same goods queue up, they never deadlock.
 */
export const lockLevelsBySku = sql<LockedLevel>(
  'stock.lock-levels-by-sku',
  `select ${LOCKED} from stock_level l
     join product p on p.id = l.product_id join stock_location s on s.id = l.location_id
    where l.product_id in (
            select id from product where sku = any($1::text[])
            union all
            select c.component_id from bundle_component c join product b on b.id = c.product_id
             where b.sku = any($1::text[]))
      and s.is_active
    order by l.product_id, l.location_id for no key update of l`,
);
export const lockLevelsOfProducts = sql<LockedLevel>(
  'stock.lock-levels-of-products',
  `select ${LOCKED} from stock_level l
     join product p on p.id = l.product_id join stock_location s on s.id = l.location_id
    where l.product_id = any($1::bigint[]) and s.is_active
    order by l.product_id, l.location_id for no key update of l`,
);
/** The same as they stand, without holding them. */
export const selectLevelsToPromise = sql<LockedLevel>(
  'stock.levels-to-promise',
  `select ${LOCKED} from stock_level l
     join product p on p.id = l.product_id join stock_location s on s.id = l.location_id
    where l.product_id = any($1::bigint[]) and s.is_active`,
);
/** Locks the levels that an order has reserved from, in the same order. */
export const lockReservedLevels = sql<LockedLevel>(
  'stock.lock-reserved-levels',
  `select ${LOCKED} from stock_level l
     join product p on p.id = l.product_id join stock_location s on s.id = l.location_id
    where (l.product_id, l.location_id) in (
      select r.product_id, r.location_id from stock_reservation r
        join order_line line on line.id = r.order_line_id where line.order_id = $1)
    order by l.product_id, l.location_id for no key update of l`,
);

/** Locks the levels of products at locations, whether these promise or not, in the same order. */
export const lockLevelsAt = sql<LockedLevel>(
  'stock.lock-levels-at',
  `select ${LOCKED} from stock_level l
     join product p on p.id = l.product_id join stock_location s on s.id = l.location_id
    where l.product_id = any($1::bigint[]) and l.location_id = any($2::bigint[])
    order by l.product_id, l.location_id for no key update of l`,
);

/** Adds to what is reserved; negative gives back. */
export const changeReserved = sql(
  'stock.change-reserved',
  `update stock_level l set reserved = l.reserved + d.delta, version = l.version + 1, updated_at = $4
     from unnest($1::bigint[], $2::bigint[], $3::numeric[]) as d (product_id, location_id, delta)
    where l.product_id = d.product_id and l.location_id = d.location_id`,
);
/** What left the shelf is no longer reserved; the movement that took it has raised the level's version already. */
export const giveUpReserved = sql(
  'stock.give-up-reserved',
  `update stock_level l set reserved = l.reserved - d.quantity
     from unnest($1::bigint[], $2::bigint[], $3::numeric[]) as d (product_id, location_id, quantity)
    where l.product_id = d.product_id and l.location_id = d.location_id`,
);
export const insertReservations = sql(
  'stock.insert-reservations',
  `insert into stock_reservation (order_line_id, product_id, location_id, quantity)
   select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::numeric[])
   on conflict (order_line_id, product_id, location_id) do update set quantity = stock_reservation.quantity + excluded.quantity`,
);

export interface ReservationRow {
  order_line_id: string;
  product_id: string;
  location_id: string;
  quantity: string;
  /** How much of it one unit of the line takes. */
  per_unit: string;
}
export const selectReservations = sql<ReservationRow>(
  'stock.reservations-of-order',
  `select r.order_line_id, r.product_id, r.location_id, r.quantity, coalesce(part.quantity, 1) as per_unit
     from stock_reservation r join order_line line on line.id = r.order_line_id
     left join order_line_part part on part.order_line_id = r.order_line_id and part.product_id = r.product_id
    where line.order_id = $1 order by r.product_id, r.location_id, r.order_line_id`,
);
const SAME_PLACE = 'r.order_line_id = d.line_id and r.product_id = d.product_id and r.location_id = d.location_id';
const updateReservations = sql(
  'stock.update-reservations',
  `update stock_reservation r set quantity = d.quantity
     from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::numeric[]) as d (line_id, product_id, location_id, quantity)
    where ${SAME_PLACE}`,
);
const deleteReservations = sql(
  'stock.delete-reservations',
  `delete from stock_reservation r
    using unnest($1::bigint[], $2::bigint[], $3::bigint[]) as d (line_id, product_id, location_id) where ${SAME_PLACE}`,
);
/** Writes what is left of reservations; where that is nothing the reservation ends. */
export function writeReservations(rows: readonly ReservationRow[]): Statement[] {
  const { rest = [], gone = [] } = Object.groupBy(rows, ({ quantity }) => (isPositive(quantity) ? 'rest' : 'gone'));
  const places = (some: ReservationRow[]) =>
    [
      some.map((row) => row.order_line_id),
      some.map((row) => row.product_id),
      some.map((row) => row.location_id),
    ] as const;
  return [
    ...(rest.length > 0
      ? [
          updateReservations(
            ...places(rest),
            rest.map((row) => row.quantity),
          ),
        ]
      : []),
    ...(gone.length > 0 ? [deleteReservations(...places(gone))] : []),
  ];
}

export const updatePolicy = sql(
  'stock.update-policy',
  `update stock_level
      set safety_stock = $2, reorder_point = $3, reorder_quantity = $4, updated_at = $5, version = version + 1
    where id = $1`,
);

const MOVEMENT =
  'm.id, m.product_id, m.location_id, m.kind, m.quantity, m.balance_after, m.order_id, m.reason, m.actor_kind, m.actor_id, ' +
  'm.actor_name, m.at';
export const selectMovements = sql<MovementRow>(
  'stock.movements',
  `select ${MOVEMENT} from stock_movement m where m.id = any($1::bigint[])`,
);
/** The ledger of one level, the newest movement first. */
export function movementList(productId: string, locationId: string): ListQuery {
  return {
    select: MOVEMENT,
    from: 'stock_movement m',
    where: [],
    parent: { columns: ['m.product_id', 'm.location_id'], keys: [productId, locationId] },
    sort: { column: 'm.at', type: 'timestamptz' },
    id: 'm.id',
    descending: true,
  };
}

export const insertMovement = sql<{ balance_after: string }>(
  'stock.insert-movement',
  `insert into stock_movement (id, product_id, location_id, kind, quantity, order_id, reason, actor_kind, actor_id, actor_name, at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning balance_after`,
);
/** What leaves a location for an order, a movement for each product. */
export const insertMovements = sql(
  'stock.insert-movements',
  `insert into stock_movement (id, product_id, location_id, kind, quantity, order_id, actor_kind, actor_id, actor_name, at)
   select d.id, d.product_id, $4, $5, d.quantity, $6, $7, $8, $9, $10
     from unnest($1::bigint[], $2::bigint[], $3::numeric[]) as d (id, product_id, quantity)`,
);

/** As the index that finds them has it. */
const BELOW_REORDER_POINT =
  'l.reorder_point is not null and greatest(l.on_hand - l.reserved - l.safety_stock, 0) < l.reorder_point';

export function levelList(filter: StockFilter | null | undefined): ListQuery {
  const where: Condition[] = [];
  if (filter?.sku)
    where.push(condition('l.product_id in (select id from product where sku = any($1::text[]))', filter.sku));
  if (filter?.location) {
    where.push(
      condition('l.location_id in (select id from stock_location where code = any($1::text[]))', filter.location),
    );
  }
  if (filter?.belowReorderPoint != null)
    where.push(condition(filter.belowReorderPoint ? BELOW_REORDER_POINT : `(${BELOW_REORDER_POINT}) is not true`));
  if (filter?.availableBelow != null) {
    where.push(condition('greatest(l.on_hand - l.reserved - l.safety_stock, 0) < $1::numeric', filter.availableBelow));
  }
  where.push(...rangeConditions('l.updated_at', filter?.updatedAt));
  return {
    select: LEVEL_COLUMNS,
    from: 'stock_level l',
    where,
    sort: { column: 'l.product_id', type: 'bigint' },
    id: 'l.location_id',
    descending: false,
  };
}
