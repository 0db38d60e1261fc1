import type pg from 'pg';

const COLUMNS = `
  select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as not_null,
         pg_get_expr(d.adbin, d.adrelid) as fallback, a.attidentity <> '' as is_identity
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
   order by c.relname, a.attnum`;
const PARTS = `
  select c.relname as table, 'constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid) as text
    from pg_constraint k join pg_class c on c.oid = k.conrelid
   where k.connamespace = 'public'::regnamespace and k.contype <> 'n'
  union all
  select tablename, indexdef from pg_indexes
   where schemaname = 'public' and indexname not in (select conname from pg_constraint)
  union all
  select c.relname, pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where not t.tgisinternal and c.relnamespace = 'public'::regnamespace
  order by 1, 2`;
/** Without those that belong to an extension. */
const FUNCTIONS = `
  select pg_get_functiondef(oid) as text from pg_proc
   where pronamespace = 'public'::regnamespace
     and not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e')
   order by proname`;
const EXTENSIONS = `select extname as name from pg_extension where extname <> 'plpgsql' order by 1`;

interface Column {
  table: string;
  name: string;
  type: string;
  not_null: boolean;
  fallback: string | null;
  is_identity: boolean;
}

/** A database's extensions, tables, constraints, indexes, triggers and functions as text, in a fixed order. */
export async function describeSchema(pool: pg.Pool): Promise<string> {
  const columns = (await pool.query<Column>(COLUMNS)).rows;
  const parts = (await pool.query<{ table: string; text: string }>(PARTS)).rows;
  const functions = (await pool.query<{ text: string }>(FUNCTIONS)).rows;
  const extensions = (await pool.query<{ name: string }>(EXTENSIONS)).rows.map(({ name }) => `extension ${name}`);
  const tables = [...Map.groupBy(columns, (column) => column.table)].map(([table, own]) => {
    const lines = own.map(columnText);
    const belonging = parts.filter((part) => part.table === table).map((part) => `  ${part.text}`);
    return [`table ${table}`, ...lines, ...belonging].join('\n');
  });
  const head = '-- Made by "npm run hub -- migrations": what the migrations add up to. For reading; it is never run.\n';
  return `${[head, ...extensions, ...tables, ...functions.map(({ text }) => text.trimEnd())].join('\n\n')}\n`;
}

function columnText({ name, type, not_null, fallback, is_identity }: Column): string {
  return `  ${name} ${type}${not_null ? ' not null' : ''}${is_identity ? ' identity' : ''}${fallback === null ? '' : ` default ${fallback}`}`;
}
