import { sql } from '../../db/statement.js';
import type { KeyUseRow } from './key-use.type.js';
import type { ApiKeyRow } from './api-key.type.js';

const KEY = 'id, name, roles, customer_id, created_at, last_used_at, expires_at, revoked_at';

export const selectApiKeys = sql<ApiKeyRow>('access.keys', `select ${KEY} from api_key where id = any($1::bigint[])`);
export const selectAllApiKeys = sql<ApiKeyRow>('access.all-keys', `select ${KEY} from api_key order by created_at, id`);
export const selectKeyByHash = sql<ApiKeyRow>(
  'access.key-by-hash',
  `select ${KEY} from api_key where secret_hash = $1`,
);
/** In the order of the primary key, so that two hubs that write at once do not wait for each other in a circle. */
export const addUses = sql(
  'access.add-uses',
  `insert into api_key_use as u (api_key_id, day, outcome, address_kind, agent, uses, first_used_at, last_used_at)
   select * from unnest($1::bigint[], $2::date[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[],
                        $8::timestamptz[]) order by 1, 2, 3, 4, 5
   on conflict (api_key_id, day, outcome, address_kind, agent) do update
     set uses = u.uses + excluded.uses, first_used_at = least(u.first_used_at, excluded.first_used_at),
         last_used_at = greatest(u.last_used_at, excluded.last_used_at)`,
);
export const touchKeys = sql(
  'access.touch-keys',
  `update api_key k set last_used_at = u.at
     from (select id, max(at) as at from unnest($1::bigint[], $2::timestamptz[]) as t (id, at) group by id) u
    where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.at)`,
);
export const selectUses = sql<KeyUseRow>(
  'access.uses',
  `select api_key_id, day::text, outcome, address_kind, agent, uses, first_used_at, last_used_at from api_key_use
    where api_key_id = any($1::bigint[]) and day between $2::date and $3::date
    order by day desc, uses desc, outcome, address_kind, agent`,
);
export const insertGivenKey = sql(
  'access.insert-given-key',
  `insert into api_key (id, name, secret_hash, roles, created_at, customer_id) values ($1, $2, $3, $4, $5, $6)
   on conflict (secret_hash) do nothing returning id`,
);
export const selectKeyCustomer = sql<{ id: string }>('access.customer', `select id from customer where id = $1`);
