-- Made by "npm run hub -- migrations": what the migrations add up to. For reading; it is never run.


extension pg_trgm

table api_key
  id bigint not null
  name text not null
  secret_hash bytea not null
  roles text[] not null
  customer_id bigint
  created_at timestamp(3) with time zone not null
  last_used_at timestamp(3) with time zone
  expires_at timestamp(3) with time zone
  revoked_at timestamp(3) with time zone
  constraint api_key_check CHECK ((('CUSTOMER'::text = ANY (roles)) = (customer_id IS NOT NULL)))
  constraint api_key_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer(id)
  constraint api_key_pkey PRIMARY KEY (id)
  constraint api_key_roles_check CHECK ((cardinality(roles) > 0))
  constraint api_key_roles_check1 CHECK (((NOT ('CUSTOMER'::text = ANY (roles))) OR (cardinality(roles) = 1)))
  constraint api_key_secret_hash_key UNIQUE (secret_hash)

table api_key_use
  api_key_id bigint not null
  day date not null
  outcome text not null
  address_kind text not null
  agent text not null
  uses bigint not null
  first_used_at timestamp(3) with time zone not null
  last_used_at timestamp(3) with time zone not null
  constraint api_key_use_address_kind_check CHECK ((address_kind = ANY (ARRAY['LOOPBACK'::text, 'PRIVATE'::text, 'PUBLIC'::text])))
  constraint api_key_use_check CHECK (((api_key_id = 0) = (outcome = 'UNKNOWN'::text)))
  constraint api_key_use_outcome_check CHECK ((outcome = ANY (ARRAY['ADMITTED'::text, 'UNKNOWN'::text, 'EXPIRED'::text, 'REVOKED'::text])))
  constraint api_key_use_pkey PRIMARY KEY (api_key_id, day, outcome, address_kind, agent)
  constraint api_key_use_uses_check CHECK ((uses > 0))

table approval_rule
  id bigint not null
  code text not null
  name text not null
  line_discount_over numeric(9,6)
  discount_over numeric(9,6)
  total_over_minor bigint
  total_over_currency text
  term_months_over integer
  approver_roles text[] not null
  is_active boolean not null
  created_at timestamp(3) with time zone not null
  updated_at timestamp(3) with time zone not null
  version integer not null
  constraint approval_rule_approver_roles_check CHECK ((cardinality(approver_roles) > 0))
  constraint approval_rule_bounds CHECK ((num_nonnulls(line_discount_over, discount_over, total_over_minor, term_months_over) > 0))
  constraint approval_rule_code_key UNIQUE (code)
  constraint approval_rule_discount_over_check CHECK (((discount_over >= (0)::numeric) AND (discount_over < (1)::numeric)))
  constraint approval_rule_line_discount_over_check CHECK (((line_discount_over >= (0)::numeric) AND (line_discount_over < (1)::numeric)))
  constraint approval_rule_pkey PRIMARY KEY (id)
  constraint approval_rule_term_months_over_check CHECK ((term_months_over >= 0))
  constraint approval_rule_total CHECK (((total_over_minor IS NULL) = (total_over_currency IS NULL)))
  constraint approval_rule_total_over_minor_check CHECK ((total_over_minor >= 0))

table automation_place
  only_row boolean not null default true
  position bigint not null
  constraint automation_place_only_row_check CHECK (only_row)
  constraint automation_place_pkey PRIMARY KEY (only_row)

table automation_rule
  id bigint not null
  code text not null
  name text not null
  description text not null
  triggers json not null
  condition json
  actions json not null
  priority integer not null
  is_active boolean not null
  active_since timestamp(3) with time zone not null
  created_at timestamp(3) with time zone not null
  updated_at timestamp(3) with time zone not null
  version integer not null
  constraint automation_rule_code_key UNIQUE (code)
  constraint automation_rule_pkey PRIMARY KEY (id)

table automation_run
  id bigint not null
  rule_id bigint not null
  order_id bigint not null
  event_id bigint not null
  event_type text not null
  event_at timestamp(3) with time zone not null
  event_sequence integer not null
  after_minutes integer not null
  depth integer not null
  status text not null
  due_at timestamp(3) with time zone not null
  tries integer not null default 0
  reason text
  ran_at timestamp(3) with time zone
  first_sequence integer
  last_sequence integer
  CREATE INDEX automation_run_at ON public.automation_run USING btree (due_at, id)
  CREATE INDEX automation_run_due ON public.automation_run USING btree (due_at, id) WHERE (status = 'DUE'::text)
  CREATE INDEX automation_run_open ON public.automation_run USING btree (order_id, due_at, id) WHERE (status = 'DUE'::text)
  CREATE INDEX automation_run_order ON public.automation_run USING btree (order_id, rule_id, ran_at)
  constraint automation_run_after_minutes_check CHECK ((after_minutes >= 0))
  constraint automation_run_check CHECK (((status = 'DUE'::text) = (ran_at IS NULL)))
  constraint automation_run_check1 CHECK (((first_sequence IS NULL) = (last_sequence IS NULL)))
  constraint automation_run_depth_check CHECK ((depth >= 0))
  constraint automation_run_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
  constraint automation_run_pkey PRIMARY KEY (id)
  constraint automation_run_rule_id_event_id_after_minutes_key UNIQUE (rule_id, event_id, after_minutes)
  constraint automation_run_rule_id_fkey FOREIGN KEY (rule_id) REFERENCES automation_rule(id)
  constraint automation_run_status_check CHECK ((status = ANY (ARRAY['DUE'::text, 'DONE'::text, 'SKIPPED'::text, 'REFUSED'::text, 'FAILED'::text, 'CUT'::text])))

table bundle_component
  id bigint not null
  product_id bigint not null
  position integer not null
  component_id bigint not null
  quantity numeric not null
  is_optional boolean not null default false
  CREATE INDEX bundle_component_of ON public.bundle_component USING btree (component_id)
  constraint bundle_component_check CHECK ((component_id <> product_id))
  constraint bundle_component_component_id_fkey FOREIGN KEY (component_id) REFERENCES product(id)
  constraint bundle_component_pkey PRIMARY KEY (id)
  constraint bundle_component_product_id_component_id_key UNIQUE (product_id, component_id)
  constraint bundle_component_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id)
  constraint bundle_component_quantity_check CHECK ((quantity > (0)::numeric))

table carrier_offer
  id bigint not null
  rating_id bigint not null
  provider text not null
  asked text
  rate text
  carrier text not null
  service text not null
  price_minor bigint not null
  currency text not null
  delivery_days integer
  is_kept boolean not null
  is_chosen boolean not null
  reasons text[] not null
  CREATE INDEX carrier_offer_rating ON public.carrier_offer USING btree (rating_id)
  constraint carrier_offer_pkey PRIMARY KEY (id)
  constraint carrier_offer_rating_id_fkey FOREIGN KEY (rating_id) REFERENCES carrier_rating(id)

table carrier_rate
  id bigint not null identity
  carrier text not null
  service text not null
  country text not null
  most_grams integer not null
  currency text not null
  price_minor bigint not null
  delivery_days integer
  is_active boolean not null default true
  version integer not null default 1
  constraint carrier_rate_delivery_days_check CHECK ((delivery_days >= 0))
  constraint carrier_rate_most_grams_check CHECK ((most_grams > 0))
  constraint carrier_rate_pkey PRIMARY KEY (id)
  constraint carrier_rate_price_minor_check CHECK ((price_minor >= 0))
  constraint carrier_rate_slot UNIQUE (carrier, service, country, most_grams, currency)

table carrier_rating
  id bigint not null
  shipment_id bigint not null
  parcel jsonb not null
  silent text[] not null default '{}'::text[]
  created_at timestamp(3) with time zone not null
  rated_at timestamp(3) with time zone
  CREATE INDEX carrier_rating_open ON public.carrier_rating USING btree (created_at) WHERE (rated_at IS NULL)
  CREATE INDEX carrier_rating_shipment ON public.carrier_rating USING btree (shipment_id, id)
  constraint carrier_rating_pkey PRIMARY KEY (id)
  constraint carrier_rating_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipment(id)

table carrier_rule
  id bigint not null identity
  code text not null
  name text not null
  priority integer not null
  conditions jsonb not null
  effect jsonb not null
  is_active boolean not null default true
  version integer not null default 1
  constraint carrier_rule_code UNIQUE (code)
  constraint carrier_rule_pkey PRIMARY KEY (id)

table census_record
  integration_id bigint not null
  stream text not null
  external_id text not null
  version text not null
  bucket smallint default (hashtextextended(external_id, (0)::bigint) & (255)::bigint)
  constraint census_record_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint census_record_pkey PRIMARY KEY (integration_id, stream, external_id)

table channel
  id bigint not null
  code text not null
  name text not null
  kind text not null
  is_active boolean not null default true
  integration_id bigint
  constraint channel_code_key UNIQUE (code)
  constraint channel_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint channel_pkey PRIMARY KEY (id)

table contact
  id bigint not null
  customer_id bigint not null
  position integer not null
  name text not null
  email text
  phone text
  role text
  is_primary boolean not null default false
  CREATE INDEX contact_customer ON public.contact USING btree (customer_id, "position")
  CREATE INDEX contact_email ON public.contact USING btree (lower(email))
  CREATE INDEX contact_email_words ON public.contact USING gin (((chr(10) || lower(email))) gin_trgm_ops) WHERE (email IS NOT NULL)
  constraint contact_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer(id)
  constraint contact_pkey PRIMARY KEY (id)

table customer
  id bigint not null
  number text not null
  kind text not null
  name text not null
  email text
  phone text
  tax_id text
  is_active boolean not null default true
  price_list_id bigint
  billing_address jsonb
  shipping_addresses jsonb not null default '[]'::jsonb
  tags text[] not null default '{}'::text[]
  created_at timestamp(3) with time zone not null
  updated_at timestamp(3) with time zone not null
  version integer not null default 1
  credit_limit_minor bigint
  credit_limit_currency text
  merged_into_id bigint
  CREATE INDEX customer_created ON public.customer USING btree (created_at, id)
  CREATE INDEX customer_email ON public.customer USING btree (lower(email))
  CREATE INDEX customer_merged ON public.customer USING btree (merged_into_id) WHERE (merged_into_id IS NOT NULL)
  CREATE INDEX customer_name ON public.customer USING btree (name, id)
  CREATE INDEX customer_tags ON public.customer USING gin (tags)
  CREATE INDEX customer_tax_id ON public.customer USING btree (upper(regexp_replace(tax_id, '[^[:alnum:]]'::text, ''::text, 'g'::text))) WHERE (tax_id IS NOT NULL)
  CREATE INDEX customer_updated ON public.customer USING btree (updated_at, id)
  CREATE INDEX customer_words ON public.customer USING gin (((chr(10) || lower(((((number || chr(10)) || name) || chr(10)) || COALESCE(email, ''::text))))) gin_trgm_ops)
  constraint customer_check CHECK (((credit_limit_minor IS NULL) = (credit_limit_currency IS NULL)))
  constraint customer_credit_limit_minor_check CHECK ((credit_limit_minor >= 0))
  constraint customer_merged_into_id_fkey FOREIGN KEY (merged_into_id) REFERENCES customer(id)
  constraint customer_number_key UNIQUE (number)
  constraint customer_pkey PRIMARY KEY (id)
  constraint customer_price_list_id_fkey FOREIGN KEY (price_list_id) REFERENCES price_list(id)

table dead_letter
  id bigint not null
  integration_id bigint not null
  stream text not null
  external_id text
  error text not null
  attempts integer not null
  body bytea
  failed_at timestamp(3) with time zone not null
  inbox_message_id bigint
  direction text not null default 'PULL'::text
  settled_at timestamp(3) with time zone
  settled_by text
  record_id bigint
  CREATE INDEX dead_letter_message ON public.dead_letter USING btree (inbox_message_id)
  CREATE INDEX dead_letter_open ON public.dead_letter USING btree (integration_id, failed_at, id) WHERE (settled_at IS NULL)
  CREATE INDEX dead_letter_untold ON public.dead_letter USING btree (integration_id, stream, record_id) WHERE ((direction = 'PUSH'::text) AND (settled_at IS NULL))
  constraint dead_letter_direction_check CHECK ((direction = ANY (ARRAY['PULL'::text, 'PUSH'::text])))
  constraint dead_letter_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint dead_letter_pkey PRIMARY KEY (id)

table drift_item
  id bigint not null
  integration_id bigint not null
  stream text not null
  push_stream text
  record_kind text not null
  record_id bigint
  external_id text not null
  field text not null
  hub_value jsonb not null
  source_value jsonb not null
  hub_value_at timestamp(3) with time zone
  source_value_at timestamp(3) with time zone
  reason text
  proposed_repair text
  status text not null default 'OPEN'::text
  found_at timestamp(3) with time zone not null
  closed_at timestamp(3) with time zone
  repair text
  decided_kind text
  decided_id text
  decided_name text
  CREATE INDEX drift_item_closed ON public.drift_item USING btree (closed_at) WHERE (status = ANY (ARRAY['REPAIRED'::text, 'SETTLED'::text]))
  CREATE INDEX drift_item_found ON public.drift_item USING btree (found_at, id) WHERE (status = 'OPEN'::text)
  CREATE INDEX drift_item_ignored ON public.drift_item USING btree (integration_id, stream, external_id) WHERE (status = 'IGNORED'::text)
  CREATE UNIQUE INDEX drift_item_open ON public.drift_item USING btree (integration_id, stream, external_id, field) WHERE (status = 'OPEN'::text)
  constraint drift_item_check CHECK (((status = 'OPEN'::text) = (closed_at IS NULL)))
  constraint drift_item_check1 CHECK (((repair IS NULL) = (decided_name IS NULL)))
  constraint drift_item_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint drift_item_pkey PRIMARY KEY (id)
  constraint drift_item_proposed_repair_check CHECK ((proposed_repair = ANY (ARRAY['TAKE_SOURCE'::text, 'TELL_SOURCE'::text])))
  constraint drift_item_repair_check CHECK ((repair = ANY (ARRAY['TAKE_SOURCE'::text, 'TELL_SOURCE'::text, 'IGNORE'::text])))
  constraint drift_item_status_check CHECK ((status = ANY (ARRAY['OPEN'::text, 'REPAIRED'::text, 'SETTLED'::text, 'IGNORED'::text])))

table event
  id bigint not null identity
  subject_kind text not null
  subject_id bigint not null
  sequence integer not null
  type text not null
  at timestamp(3) with time zone not null
  actor_kind text not null
  actor_id text
  actor_name text not null
  message text not null
  changes jsonb not null
  data jsonb
  personal_id bigint
  channel text
  customer_id bigint
  status_from text
  status_to text
  CREATE INDEX event_actor ON public.event USING btree (actor_id, at, id) WHERE (actor_id IS NOT NULL)
  CREATE INDEX event_at ON public.event USING btree (at, id)
  CREATE INDEX event_at_without_orders ON public.event USING btree (at, id) WHERE (subject_kind <> 'order'::text)
  CREATE TRIGGER event_append_only BEFORE DELETE OR UPDATE ON public.event FOR EACH ROW EXECUTE FUNCTION refuse_change()
  CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON public.event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
  constraint event_pkey PRIMARY KEY (id)
  constraint event_sequence_check CHECK ((sequence > 0))
  constraint event_subject_kind_subject_id_sequence_key UNIQUE (subject_kind, subject_id, sequence)

table event_personal
  id bigint not null
  customer_id bigint
  payload jsonb
  erased_at timestamp(3) with time zone
  CREATE INDEX event_personal_customer ON public.event_personal USING btree (customer_id) WHERE (customer_id IS NOT NULL)
  CREATE TRIGGER event_personal_erase_only BEFORE DELETE OR UPDATE ON public.event_personal FOR EACH ROW EXECUTE FUNCTION refuse_personal_rewrite()
  CREATE TRIGGER event_personal_no_truncate BEFORE TRUNCATE ON public.event_personal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
  constraint event_personal_check CHECK (((payload IS NULL) = (erased_at IS NOT NULL)))
  constraint event_personal_pkey PRIMARY KEY (id)

table event_position
  position bigint not null
  event_id bigint not null
  CREATE TRIGGER event_position_append_only BEFORE DELETE OR UPDATE ON public.event_position FOR EACH ROW EXECUTE FUNCTION refuse_change()
  CREATE TRIGGER event_position_no_truncate BEFORE TRUNCATE ON public.event_position FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
  constraint event_position_event_id_key UNIQUE (event_id)
  constraint event_position_pkey PRIMARY KEY ("position")

table event_sequencer
  only_row boolean not null default true
  horizon bigint not null
  constraint event_sequencer_only_row_check CHECK (only_row)
  constraint event_sequencer_pkey PRIMARY KEY (only_row)

table external_reference
  integration_id bigint not null
  record_kind text not null
  external_id text not null
  record_id bigint not null
  external_url text
  source_version timestamp(3) with time zone
  synced_at timestamp(3) with time zone
  pending_push boolean not null default false
  stated_version text
  stated jsonb
  echo_version text
  echo_modified_at timestamp(3) with time zone
  observed_at timestamp(3) with time zone
  gone_at timestamp(3) with time zone
  CREATE INDEX external_reference_record ON public.external_reference USING btree (record_kind, record_id)
  constraint external_reference_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint external_reference_pkey PRIMARY KEY (integration_id, record_kind, external_id)

table field_claim
  record_kind text not null
  record_id bigint not null
  field text not null
  integration_id bigint
  value jsonb not null
  said_at timestamp(3) with time zone not null
  observed_at timestamp(3) with time zone not null
  constraint field_claim_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint field_claim_once UNIQUE NULLS NOT DISTINCT (record_kind, record_id, field, integration_id)

table field_conflict
  id bigint not null
  record_kind text not null
  record_id bigint not null
  field text not null
  opened_at timestamp(3) with time zone not null
  closed_at timestamp(3) with time zone
  CREATE INDEX field_conflict_opened ON public.field_conflict USING btree (opened_at, id) WHERE (closed_at IS NULL)
  CREATE UNIQUE INDEX field_conflict_open ON public.field_conflict USING btree (record_kind, record_id, field) WHERE (closed_at IS NULL)
  constraint field_conflict_pkey PRIMARY KEY (id)

table field_policy
  integration_id bigint not null
  record_kind text not null
  field text not null
  policy text not null
  constraint field_policy_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint field_policy_pkey PRIMARY KEY (integration_id, record_kind, field)
  constraint field_policy_policy_check CHECK ((policy = ANY (ARRAY['SOURCE_WINS'::text, 'LATEST'::text, 'NON_EMPTY'::text, 'HUMAN_DECIDES'::text])))

table field_provenance
  record_kind text not null
  record_id bigint not null
  field text not null
  integration_id bigint
  observed_at timestamp(3) with time zone not null
  updated_at timestamp(3) with time zone not null
  actor_kind text not null
  actor_id text
  actor_name text not null
  rule text not null
  constraint field_provenance_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint field_provenance_pkey PRIMARY KEY (record_kind, record_id, field)

table foreign_ending
  integration_id bigint not null
  record_kind text not null
  external_id text not null
  source_version timestamp(3) with time zone not null
  merged_into text
  constraint foreign_ending_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint foreign_ending_pkey PRIMARY KEY (integration_id, record_kind, external_id)

table fulfillment_order
  id bigint not null
  number text not null
  order_id bigint not null
  location_id bigint not null
  status text not null
  is_released boolean not null
  hold_reason text
  hold_note text
  hold_actor_kind text
  hold_actor_id text
  hold_actor_name text
  held_at timestamp(3) with time zone
  created_at timestamp(3) with time zone not null
  updated_at timestamp(3) with time zone not null
  version integer not null default 1
  CREATE INDEX fulfillment_order_active ON public.fulfillment_order USING btree (location_id, created_at, id) WHERE (status = ANY (ARRAY['OPEN'::text, 'IN_PROGRESS'::text, 'ON_HOLD'::text]))
  CREATE INDEX fulfillment_order_created ON public.fulfillment_order USING btree (created_at, id)
  CREATE INDEX fulfillment_order_location_created ON public.fulfillment_order USING btree (location_id, created_at, id)
  CREATE INDEX fulfillment_order_order ON public.fulfillment_order USING btree (order_id, id)
  constraint fulfillment_order_check CHECK (((status = 'ON_HOLD'::text) = (hold_reason IS NOT NULL)))
  constraint fulfillment_order_location_id_fkey FOREIGN KEY (location_id) REFERENCES stock_location(id)
  constraint fulfillment_order_number_key UNIQUE (number)
  constraint fulfillment_order_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
  constraint fulfillment_order_pkey PRIMARY KEY (id)

table fulfillment_order_line
  id bigint not null
  fulfillment_order_id bigint not null
  order_line_id bigint not null
  product_id bigint
  sku text not null
  per_unit numeric not null
  units numeric not null
  remaining_units numeric not null
  waiting_units numeric not null default 0
  is_reserved boolean not null
  CREATE INDEX fulfillment_order_line_line ON public.fulfillment_order_line USING btree (order_line_id)
  CREATE INDEX fulfillment_order_line_order ON public.fulfillment_order_line USING btree (fulfillment_order_id, order_line_id, id)
  constraint fulfillment_order_line_check CHECK (((remaining_units >= (0)::numeric) AND (remaining_units <= units)))
  constraint fulfillment_order_line_check1 CHECK (((waiting_units >= (0)::numeric) AND (waiting_units <= remaining_units)))
  constraint fulfillment_order_line_fulfillment_order_id_fkey FOREIGN KEY (fulfillment_order_id) REFERENCES fulfillment_order(id)
  constraint fulfillment_order_line_order_line_id_fkey FOREIGN KEY (order_line_id) REFERENCES order_line(id)
  constraint fulfillment_order_line_per_unit_check CHECK ((per_unit > (0)::numeric))
  constraint fulfillment_order_line_pkey PRIMARY KEY (id)
  constraint fulfillment_order_line_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id)
  constraint fulfillment_order_line_units_check CHECK ((units >= (0)::numeric))

table hub_migration
  id integer not null default nextval('hub_migration_id_seq'::regclass)
  name character varying(255) not null
  executed_at timestamp(6) with time zone not null default CURRENT_TIMESTAMP(6)
  constraint hub_migration_pkey PRIMARY KEY (id)

table hub_settings
  only_row boolean not null default true
  settings jsonb not null
  change_count integer not null default 0
  constraint hub_settings_only_row_check CHECK (only_row)
  constraint hub_settings_pkey PRIMARY KEY (only_row)

table hub_state
  only_row boolean not null default true
  epoch text not null
  system_identifier text not null
  timeline_id integer not null
  constraint hub_state_only_row_check CHECK (only_row)
  constraint hub_state_pkey PRIMARY KEY (only_row)

table idempotency
  caller text not null
  key text not null
  operation text not null
  input_hash text not null
  outcome jsonb not null
  created_at timestamp(3) with time zone not null
  CREATE INDEX idempotency_created_at ON public.idempotency USING btree (created_at)
  constraint idempotency_pkey PRIMARY KEY (caller, key)

table imported_order
  channel_id bigint not null
  reference text not null
  order_id bigint not null
  content_hash text not null
  imported_at timestamp(3) with time zone not null
  constraint imported_order_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channel(id)
  constraint imported_order_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
  constraint imported_order_pkey PRIMARY KEY (channel_id, reference)

table inbound_mail
  id bigint not null
  key bytea not null
  message_id text
  envelope_from text not null
  envelope_to text[] not null
  remote_address text not null
  source bytea not null
  size_bytes integer not null
  deliveries integer not null default 1
  status text not null
  sender text
  sender_name text
  subject text
  order_id bigint
  reason text
  findings jsonb not null default '[]'::jsonb
  received_at timestamp(3) with time zone not null
  settled_at timestamp(3) with time zone
  tries integer not null default 0
  next_try_at timestamp(3) with time zone not null
  version integer not null default 1
  CREATE INDEX inbound_mail_message ON public.inbound_mail USING btree (message_id)
  CREATE INDEX inbound_mail_open ON public.inbound_mail USING btree (next_try_at) WHERE (status = 'RECEIVED'::text)
  CREATE INDEX inbound_mail_order ON public.inbound_mail USING btree (order_id)
  CREATE INDEX inbound_mail_received ON public.inbound_mail USING btree (received_at, id)
  constraint inbound_mail_key_key UNIQUE (key)
  constraint inbound_mail_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
  constraint inbound_mail_pkey PRIMARY KEY (id)
  constraint inbound_mail_status_check CHECK ((status = ANY (ARRAY['RECEIVED'::text, 'READ'::text, 'UNREADABLE'::text, 'REFUSED'::text])))

table inbox_message
  id bigint not null identity
  integration_id bigint not null
  topic text not null
  event_id text not null
  external_id text
  body bytea not null
  occurred_at timestamp(3) with time zone
  received_at timestamp(3) with time zone not null
  status text not null default 'RECEIVED'::text
  attempts integer not null default 0
  detail text
  finished_at timestamp(3) with time zone
  origin text not null default 'WEBHOOK'::text
  lane smallint default (hashtext(COALESCE(external_id, (topic || event_id))) & 15)
  due_at timestamp(3) with time zone
  crashes smallint not null default 0
  awaited_kind text
  awaited_id text
  CREATE INDEX inbox_message_awaiting ON public.inbox_message USING btree (integration_id, awaited_kind, awaited_id) WHERE (status = 'WAITING'::text)
  CREATE INDEX inbox_message_lane ON public.inbox_message USING btree (integration_id, lane, id) WHERE (status = 'RECEIVED'::text)
  CREATE INDEX inbox_message_old ON public.inbox_message USING btree (finished_at) WHERE (finished_at IS NOT NULL)
  CREATE INDEX inbox_message_unapplied ON public.inbox_message USING btree (integration_id, external_id) WHERE (status <> ALL (ARRAY['APPLIED'::text, 'STALE'::text, 'ECHO'::text]))
  CREATE INDEX inbox_message_unfinished ON public.inbox_message USING btree (integration_id, received_at) WHERE (finished_at IS NULL)
  CREATE INDEX inbox_message_waiting ON public.inbox_message USING btree (integration_id, external_id) WHERE (status = 'WAITING'::text)
  constraint inbox_message_awaits CHECK ((((status = 'WAITING'::text) = (awaited_kind IS NOT NULL)) AND ((awaited_kind IS NULL) = (awaited_id IS NULL))))
  constraint inbox_message_finished CHECK (((status = ANY (ARRAY['RECEIVED'::text, 'WAITING'::text])) = (finished_at IS NULL)))
  constraint inbox_message_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint inbox_message_once UNIQUE (integration_id, topic, event_id, origin)
  constraint inbox_message_origin_check CHECK ((origin = ANY (ARRAY['WEBHOOK'::text, 'PULL'::text, 'CENSUS'::text, 'HUB'::text])))
  constraint inbox_message_pkey PRIMARY KEY (id)
  constraint inbox_message_status CHECK ((status = ANY (ARRAY['RECEIVED'::text, 'WAITING'::text, 'APPLIED'::text, 'STALE'::text, 'ECHO'::text, 'DEAD'::text])))

table integration
  id bigint not null
  code text not null
  connector text not null
  name text not null
  settings jsonb not null
  credentials bytea
  status text not null
  last_error text
  created_at timestamp(3) with time zone not null
  updated_at timestamp(3) with time zone not null
  version integer not null default 1
  event_count integer not null default 0
  only_listens boolean not null default false
  constraint integration_code_key UNIQUE (code)
  constraint integration_pkey PRIMARY KEY (id)

table integration_pace
  integration_id bigint not null
  moved_at double precision not null
  breaker jsonb not null
  buckets jsonb not null
  constraint integration_pace_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint integration_pace_pkey PRIMARY KEY (integration_id)

table integration_token
  integration_id bigint not null
  sealed bytea not null
  updated_at timestamp(3) with time zone not null
  constraint integration_token_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint integration_token_pkey PRIMARY KEY (integration_id)

table invoice
  id bigint not null
  kind text not null
  year integer not null
  sequence integer not null
  number text not null
  order_id bigint not null
  shipment_id bigint
  credits_id bigint
  is_reopening boolean not null default false
  reason text
  language text not null
  currency text not null
  prices_include_tax boolean not null
  tax_minor bigint not null
  total_minor bigint not null
  issued_at timestamp(3) with time zone not null
  due_date date
  particulars jsonb not null
  CREATE INDEX invoice_credits ON public.invoice USING btree (credits_id) WHERE (credits_id IS NOT NULL)
  CREATE INDEX invoice_order ON public.invoice USING btree (order_id, id)
  CREATE TRIGGER invoice_append_only BEFORE DELETE OR UPDATE ON public.invoice FOR EACH ROW EXECUTE FUNCTION refuse_change()
  CREATE TRIGGER invoice_no_truncate BEFORE TRUNCATE ON public.invoice FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
  constraint invoice_check CHECK (((kind = 'CREDIT_NOTE'::text) = (credits_id IS NOT NULL)))
  constraint invoice_check1 CHECK (((kind = 'CREDIT_NOTE'::text) OR (NOT is_reopening)))
  constraint invoice_credits_id_fkey FOREIGN KEY (credits_id) REFERENCES invoice(id)
  constraint invoice_kind_year_fkey FOREIGN KEY (kind, year) REFERENCES invoice_counter(kind, year)
  constraint invoice_kind_year_sequence_key UNIQUE (kind, year, sequence)
  constraint invoice_number_key UNIQUE (number)
  constraint invoice_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
  constraint invoice_pkey PRIMARY KEY (id)
  constraint invoice_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipment(id)
  constraint invoice_total_minor_check CHECK ((total_minor >= 0))

table invoice_counter
  kind text not null
  year integer not null
  last_number integer not null
  last_issued_at timestamp(3) with time zone not null
  CREATE TRIGGER invoice_counter_no_truncate BEFORE TRUNCATE ON public.invoice_counter FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
  CREATE TRIGGER invoice_counter_one_by_one BEFORE INSERT OR DELETE OR UPDATE ON public.invoice_counter FOR EACH ROW EXECUTE FUNCTION refuse_number_gap()
  constraint invoice_counter_kind_check CHECK ((kind = ANY (ARRAY['INVOICE'::text, 'CREDIT_NOTE'::text])))
  constraint invoice_counter_last_number_check CHECK ((last_number > 0))
  constraint invoice_counter_pkey PRIMARY KEY (kind, year)

table invoice_due
  id bigint not null identity
  order_id bigint not null
  shipment_id bigint
  next_try_at timestamp(3) with time zone not null default '-infinity'::timestamp with time zone
  constraint invoice_due_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
  constraint invoice_due_order_id_shipment_id_key UNIQUE NULLS NOT DISTINCT (order_id, shipment_id)
  constraint invoice_due_pkey PRIMARY KEY (id)
  constraint invoice_due_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipment(id)

table invoice_line
  id bigint not null
  invoice_id bigint not null
  position integer not null
  source text not null
  source_id bigint not null
  credits_id bigint
  sku text
  description text not null
  quantity numeric not null
  unit_price numeric(28,10) not null
  discount_minor bigint not null
  tax_minor bigint not null
  total_minor bigint not null
  tax_lines jsonb not null
  CREATE TRIGGER invoice_line_append_only BEFORE DELETE OR UPDATE ON public.invoice_line FOR EACH ROW EXECUTE FUNCTION refuse_change()
  CREATE TRIGGER invoice_line_no_truncate BEFORE TRUNCATE ON public.invoice_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
  constraint invoice_line_credits_id_fkey FOREIGN KEY (credits_id) REFERENCES invoice_line(id)
  constraint invoice_line_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(id)
  constraint invoice_line_invoice_id_position_key UNIQUE (invoice_id, "position")
  constraint invoice_line_pkey PRIMARY KEY (id)
  constraint invoice_line_quantity_check CHECK ((quantity >= (0)::numeric))
  constraint invoice_line_source_check CHECK ((source = ANY (ARRAY['LINE'::text, 'SHIPPING'::text, 'ADJUSTMENT'::text])))

table invoice_policy
  only_row boolean not null default true
  issue_at text not null
  is_for_stated boolean not null
  constraint invoice_policy_issue_at_check CHECK ((issue_at = ANY (ARRAY['SHIPMENT'::text, 'ORDER'::text, 'MANUAL'::text])))
  constraint invoice_policy_only_row_check CHECK (only_row)
  constraint invoice_policy_pkey PRIMARY KEY (only_row)

table note
  id bigint not null
  order_id bigint
  customer_id bigint
  text text not null
  is_internal boolean not null
  actor_kind text not null
  actor_id text
  actor_name text not null
  at timestamp(3) with time zone not null
  CREATE INDEX note_customer ON public.note USING btree (customer_id, at, id) WHERE (customer_id IS NOT NULL)
  CREATE INDEX note_order ON public.note USING btree (order_id, at, id) WHERE (order_id IS NOT NULL)
  constraint note_check CHECK (((order_id IS NULL) <> (customer_id IS NULL)))
  constraint note_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer(id)
  constraint note_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
  constraint note_pkey PRIMARY KEY (id)

table notification
  id bigint not null
  event_id bigint not null
  order_id bigint not null
  template text not null
  audience text not null
  recipient text not null
  language text not null
  status text not null
  subject text
  body_text text
  body_html text
  repeats integer not null default 0
  reason text
  tries integer not null default 0
  next_try_at timestamp(3) with time zone not null
  created_at timestamp(3) with time zone not null
  sent_at timestamp(3) with time zone
  version integer not null default 1
  CREATE INDEX notification_created ON public.notification USING btree (created_at, id)
  CREATE INDEX notification_open ON public.notification USING btree (next_try_at) WHERE (status = 'QUEUED'::text)
  CREATE INDEX notification_order ON public.notification USING btree (order_id)
  constraint notification_audience_check CHECK ((audience = ANY (ARRAY['CUSTOMER'::text, 'DEPARTMENT'::text])))
  constraint notification_event_id_template_recipient_key UNIQUE (event_id, template, recipient)
  constraint notification_language_check CHECK ((language = ANY (ARRAY['en'::text, 'it'::text])))
  constraint notification_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
  constraint notification_pkey PRIMARY KEY (id)
  constraint notification_status_check CHECK ((status = ANY (ARRAY['QUEUED'::text, 'SENT'::text, 'FAILED'::text, 'OPTED_OUT'::text])))

table notification_opt_out
  id bigint not null identity
  address text not null
  is_opted_out boolean not null
  at timestamp(3) with time zone not null
  version integer not null default 1
  constraint notification_opt_out_id_key UNIQUE (id)
  constraint notification_opt_out_pkey PRIMARY KEY (address)

table notification_position
  position bigint not null

table notification_setting
  id bigint not null identity
  template text not null
  channel_kind text not null
  is_on boolean not null
  version integer not null default 1
  constraint notification_setting_id_key UNIQUE (id)
  constraint notification_setting_pkey PRIMARY KEY (template, channel_kind)

table order_count
  day date not null
  status text not null
  channel_id bigint not null
  fulfillment_status text not null
  is_held boolean not null
  orders bigint not null
  constraint order_count_pkey PRIMARY KEY (day, status, channel_id, fulfillment_status, is_held)

table order_count_change
  day date not null
  status text not null
  channel_id bigint not null
  fulfillment_status text not null
  is_held boolean not null
  orders bigint not null

table order_hold
  id bigint not null
  order_id bigint not null
  reason text not null
  note text
  actor_kind text not null
  actor_id text
  actor_name text not null
  placed_at timestamp(3) with time zone not null
  released_at timestamp(3) with time zone
  CREATE INDEX order_hold_open ON public.order_hold USING btree (order_id, id) WHERE (released_at IS NULL)
  CREATE INDEX order_hold_waiting ON public.order_hold USING btree (placed_at, id) WHERE (released_at IS NULL)
  constraint order_hold_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
  constraint order_hold_pkey PRIMARY KEY (id)

table order_line
  id bigint not null
  order_id bigint not null
  position integer not null
  product_id bigint
  quote_line_id bigint
  sku text not null
  description text not null
  requires_shipping boolean not null
  quantity numeric not null
  unit_price numeric(28,10) not null
  discount_minor bigint not null
  tax_minor bigint not null
  total_minor bigint not null
  tax_lines jsonb not null default '[]'::jsonb
  ordered_discount_minor bigint not null
  ordered_tax_lines jsonb not null default '[]'::jsonb
  reserved_quantity numeric not null default 0
  canceled_quantity numeric not null default 0
  backordered_quantity numeric not null default 0
  shipped_quantity numeric not null default 0
  delivered_quantity numeric not null default 0
  external_id text
  has_own_price boolean not null default false
  CREATE INDEX order_line_order ON public.order_line USING btree (order_id, "position")
  CREATE INDEX order_line_quote_line ON public.order_line USING btree (quote_line_id) WHERE (quote_line_id IS NOT NULL)
  CREATE INDEX order_line_sku ON public.order_line USING btree (sku, order_id)
  CREATE INDEX order_line_unknown_sku_words ON public.order_line USING gin (((chr(10) || lower(sku))) gin_trgm_ops) WHERE (product_id IS NULL)
  CREATE INDEX order_line_waiting ON public.order_line USING btree (product_id, order_id) WHERE (backordered_quantity > (0)::numeric)
  constraint order_line_backordered_quantity_check CHECK ((backordered_quantity >= (0)::numeric))
  constraint order_line_canceled_quantity_check CHECK ((canceled_quantity >= (0)::numeric))
  constraint order_line_delivered_of_what_left CHECK ((delivered_quantity <=
CASE
    WHEN requires_shipping THEN shipped_quantity
    ELSE (quantity - canceled_quantity)
END))
  constraint order_line_delivered_quantity_check CHECK ((delivered_quantity >= (0)::numeric))
  constraint order_line_not_beyond_quantity CHECK (((((reserved_quantity + backordered_quantity) + canceled_quantity) + shipped_quantity) <= quantity))
  constraint order_line_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
  constraint order_line_pkey PRIMARY KEY (id)
  constraint order_line_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id)
  constraint order_line_quantity_check CHECK ((quantity > (0)::numeric))
  constraint order_line_quote_line_id_fkey FOREIGN KEY (quote_line_id) REFERENCES quote_line(id)
  constraint order_line_reserved_quantity_check CHECK ((reserved_quantity >= (0)::numeric))
  constraint order_line_shipped_quantity_check CHECK ((shipped_quantity >= (0)::numeric))

table order_line_part
  order_line_id bigint not null
  product_id bigint not null
  sku text not null
  quantity numeric not null
  constraint order_line_part_order_line_id_fkey FOREIGN KEY (order_line_id) REFERENCES order_line(id)
  constraint order_line_part_pkey PRIMARY KEY (order_line_id, product_id)
  constraint order_line_part_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id)
  constraint order_line_part_quantity_check CHECK ((quantity > (0)::numeric))

table order_words
  order_id bigint not null
  words text not null
  CREATE INDEX order_words_words ON public.order_words USING gin (words gin_trgm_ops) WITH (gin_pending_list_limit='1024')
  constraint order_words_pkey PRIMARY KEY (order_id)

table orders
  id bigint not null
  number text not null
  channel_id bigint not null
  status text not null
  customer_id bigint
  contact_id bigint
  email text
  purchase_order_number text
  note text
  currency text not null
  prices_include_tax boolean not null
  is_stated boolean not null default false
  subtotal_minor bigint not null
  discount_minor bigint not null
  shipping_minor bigint not null
  tax_minor bigint not null
  total_minor bigint not null
  shipping_lines jsonb not null default '[]'::jsonb
  adjustments jsonb not null default '[]'::jsonb
  tax_lines jsonb not null default '[]'::jsonb
  billing_address jsonb
  shipping_address jsonb
  quote_id bigint
  allow_backorder boolean not null default false
  requested_delivery_at timestamp(3) with time zone
  placed_at timestamp(3) with time zone not null
  created_at timestamp(3) with time zone not null
  updated_at timestamp(3) with time zone not null
  event_count integer not null
  version integer not null default 1
  open_holds integer not null default 0
  fulfillment_status text not null default 'UNFULFILLED'::text
  promised_at timestamp(3) with time zone
  paid_minor bigint not null default 0
  refunded_minor bigint not null default 0
  authorized_minor bigint not null default 0
  unpaid_status text not null default 'PENDING'::text
  payment_status text not null default 'PENDING'::text
  needs_funds boolean not null default false
  tax_rounding text not null default 'LINE'::text
  department text
  assignee_id bigint
  assigned_at timestamp(3) with time zone
  CREATE INDEX orders_assignee ON public.orders USING btree (assignee_id, placed_at, id) WHERE (assignee_id IS NOT NULL)
  CREATE INDEX orders_channel_placed ON public.orders USING btree (channel_id, placed_at, id)
  CREATE INDEX orders_credit ON public.orders USING btree (customer_id, currency) INCLUDE (total_minor) WHERE (status = ANY (ARRAY['CONFIRMED'::text, 'PROCESSING'::text, 'PARTIALLY_SHIPPED'::text, 'SHIPPED'::text, 'DELIVERED'::text]))
  CREATE INDEX orders_customer_placed ON public.orders USING btree (customer_id, placed_at, id)
  CREATE INDEX orders_department ON public.orders USING btree (department, placed_at, id) WHERE (department IS NOT NULL)
  CREATE INDEX orders_email_placed ON public.orders USING btree (lower(email), placed_at) WHERE (email IS NOT NULL)
  CREATE INDEX orders_fulfillment_placed ON public.orders USING btree (fulfillment_status, placed_at, id)
  CREATE INDEX orders_handed_over ON public.orders USING btree (department, assigned_at, id) WHERE ((department IS NOT NULL) AND (status <> ALL (ARRAY['COMPLETED'::text, 'CANCELED'::text])))
  CREATE INDEX orders_on_hold ON public.orders USING btree (placed_at, id) WHERE (open_holds > 0)
  CREATE INDEX orders_payment_placed ON public.orders USING btree (payment_status, placed_at, id)
  CREATE INDEX orders_placed ON public.orders USING btree (placed_at, id)
  CREATE INDEX orders_purchase_order ON public.orders USING btree (customer_id, purchase_order_number) WHERE (purchase_order_number IS NOT NULL)
  CREATE INDEX orders_quote ON public.orders USING btree (quote_id) WHERE (quote_id IS NOT NULL)
  CREATE INDEX orders_status_placed ON public.orders USING btree (status, placed_at, id)
  CREATE INDEX orders_total ON public.orders USING btree (total_minor, id)
  CREATE INDEX orders_unpaid ON public.orders USING btree (placed_at, id) WHERE ((payment_status = 'FAILED'::text) AND (status <> ALL (ARRAY['COMPLETED'::text, 'CANCELED'::text])))
  CREATE INDEX orders_updated ON public.orders USING btree (updated_at, id)
  CREATE TRIGGER order_confirmed AFTER UPDATE OF status ON public.orders FOR EACH ROW WHEN (((old.status = ANY (ARRAY['DRAFT'::text, 'RECEIVED'::text])) AND (new.status <> ALL (ARRAY['DRAFT'::text, 'RECEIVED'::text, 'CANCELED'::text])))) EXECUTE FUNCTION order_confirmed()
  CREATE TRIGGER order_confirmed_at_once AFTER INSERT ON public.orders FOR EACH ROW WHEN ((new.status <> ALL (ARRAY['DRAFT'::text, 'RECEIVED'::text, 'CANCELED'::text]))) EXECUTE FUNCTION order_confirmed()
  CREATE TRIGGER orders_counted AFTER INSERT ON public.orders REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_added_orders()
  CREATE TRIGGER orders_counted_anew AFTER UPDATE OF placed_at, status, channel_id, fulfillment_status, open_holds ON public.orders FOR EACH ROW WHEN ((((((old.placed_at IS DISTINCT FROM new.placed_at) OR (old.status IS DISTINCT FROM new.status)) OR (old.channel_id IS DISTINCT FROM new.channel_id)) OR (old.fulfillment_status IS DISTINCT FROM new.fulfillment_status)) OR ((old.open_holds > 0) IS DISTINCT FROM (new.open_holds > 0)))) EXECUTE FUNCTION count_changed_order()
  CREATE TRIGGER orders_no_longer_counted AFTER DELETE ON public.orders FOR EACH ROW EXECUTE FUNCTION count_removed_order()
  CREATE TRIGGER orders_words_added AFTER INSERT ON public.orders REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION add_order_words()
  CREATE TRIGGER orders_words_changed AFTER UPDATE OF number, purchase_order_number, email ON public.orders FOR EACH ROW WHEN ((((old.number IS DISTINCT FROM new.number) OR (old.purchase_order_number IS DISTINCT FROM new.purchase_order_number)) OR (old.email IS DISTINCT FROM new.email))) EXECUTE FUNCTION change_order_words()
  constraint orders_assigned_check CHECK ((((department IS NULL) = (assigned_at IS NULL)) AND ((assignee_id IS NULL) OR (department IS NOT NULL))))
  constraint orders_assignee_id_fkey FOREIGN KEY (assignee_id) REFERENCES api_key(id)
  constraint orders_authorized_minor_check CHECK ((authorized_minor >= 0))
  constraint orders_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channel(id)
  constraint orders_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id) ON DELETE SET NULL
  constraint orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer(id)
  constraint orders_number_key UNIQUE (number)
  constraint orders_open_holds_check CHECK ((open_holds >= 0))
  constraint orders_paid_minor_check CHECK ((paid_minor >= 0))
  constraint orders_pkey PRIMARY KEY (id)
  constraint orders_quote_id_fkey FOREIGN KEY (quote_id) REFERENCES quote(id)
  constraint orders_refunded_minor_check CHECK ((refunded_minor >= 0))
  constraint orders_tax_rounding_check CHECK ((tax_rounding = ANY (ARRAY['LINE'::text, 'ORDER'::text])))

table parcel
  id bigint not null
  shipment_id bigint not null
  position integer not null
  weight_grams integer
  length_mm integer
  width_mm integer
  height_mm integer
  CREATE INDEX parcel_shipment ON public.parcel USING btree (shipment_id, "position")
  constraint parcel_height_mm_check CHECK ((height_mm > 0))
  constraint parcel_length_mm_check CHECK ((length_mm > 0))
  constraint parcel_pkey PRIMARY KEY (id)
  constraint parcel_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipment(id)
  constraint parcel_weight_grams_check CHECK ((weight_grams > 0))
  constraint parcel_width_mm_check CHECK ((width_mm > 0))

table payment
  id bigint not null
  order_id bigint not null
  status text not null
  provider text not null
  method text
  display_name text
  currency text not null
  amount_minor bigint not null
  authorized_minor bigint not null
  captured_minor bigint not null
  refunded_minor bigint not null
  voided_minor bigint not null
  begun_at timestamp(3) with time zone not null
  created_at timestamp(3) with time zone not null
  updated_at timestamp(3) with time zone not null
  version integer not null default 1
  acts_through text
  provider_reference text
  action_url text
  due_at timestamp(3) with time zone
  CREATE INDEX payment_due ON public.payment USING btree (begun_at, id) WHERE ((due_at IS NOT NULL) AND (status = ANY (ARRAY['AUTHORIZED'::text, 'PARTIALLY_CAPTURED'::text])))
  CREATE INDEX payment_order ON public.payment USING btree (order_id, begun_at, id)
  CREATE UNIQUE INDEX payment_provider_reference ON public.payment USING btree (acts_through, provider_reference)
  constraint payment_amount_minor_check CHECK ((amount_minor >= 0))
  constraint payment_authorized_minor_check CHECK ((authorized_minor >= 0))
  constraint payment_captured_minor_check CHECK ((captured_minor >= 0))
  constraint payment_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
  constraint payment_pkey PRIMARY KEY (id)
  constraint payment_refunded_minor_check CHECK ((refunded_minor >= 0))
  constraint payment_takes_what_is_authorized CHECK (((captured_minor + voided_minor) <= authorized_minor))
  constraint payment_voided_minor_check CHECK ((voided_minor >= 0))

table payment_attempt
  id bigint not null
  payment_id bigint not null
  kind text not null
  amount_minor bigint
  status text not null
  key text not null
  token text
  return_url text
  reason text
  tries integer not null default 0
  next_try_at timestamp(3) with time zone not null
  created_at timestamp(3) with time zone not null
  settled_at timestamp(3) with time zone
  CREATE INDEX payment_attempt_open ON public.payment_attempt USING btree (next_try_at) WHERE (status = ANY (ARRAY['REQUESTED'::text, 'WAITING'::text]))
  CREATE INDEX payment_attempt_payment ON public.payment_attempt USING btree (payment_id)
  constraint payment_attempt_amount_minor_check CHECK ((amount_minor > 0))
  constraint payment_attempt_key_key UNIQUE (key)
  constraint payment_attempt_kind_check CHECK ((kind = ANY (ARRAY['AUTHORIZE'::text, 'CAPTURE'::text, 'VOID'::text, 'REFUND'::text, 'READ'::text])))
  constraint payment_attempt_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payment(id)
  constraint payment_attempt_pkey PRIMARY KEY (id)
  constraint payment_attempt_status_check CHECK ((status = ANY (ARRAY['REQUESTED'::text, 'WAITING'::text, 'SUCCEEDED'::text, 'FAILED'::text])))

table payment_transaction
  id bigint not null
  payment_id bigint not null
  kind text not null
  amount_minor bigint not null
  external_id text
  at timestamp(3) with time zone not null
  constraint payment_transaction_amount_minor_check CHECK ((amount_minor > 0))
  constraint payment_transaction_kind_check CHECK ((kind = ANY (ARRAY['AUTHORIZATION'::text, 'CAPTURE'::text, 'REFUND'::text, 'VOID'::text])))
  constraint payment_transaction_once UNIQUE (payment_id, kind, external_id)
  constraint payment_transaction_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payment(id)
  constraint payment_transaction_pkey PRIMARY KEY (id)

table price
  id bigint not null
  product_id bigint not null
  price_list_id bigint not null
  minimum_quantity numeric not null default 1
  unit_price numeric(28,10) not null
  valid_from timestamp(3) with time zone
  valid_until timestamp(3) with time zone
  created_at timestamp(3) with time zone not null
  CREATE UNIQUE INDEX price_slot ON public.price USING btree (product_id, price_list_id, minimum_quantity, valid_from) NULLS NOT DISTINCT
  constraint price_check CHECK ((valid_until > valid_from))
  constraint price_minimum_quantity_check CHECK ((minimum_quantity > (0)::numeric))
  constraint price_pkey PRIMARY KEY (id)
  constraint price_price_list_id_fkey FOREIGN KEY (price_list_id) REFERENCES price_list(id)
  constraint price_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id)
  constraint price_unit_price_check CHECK ((unit_price >= (0)::numeric))

table price_list
  id bigint not null
  code text not null
  name text not null
  currency text not null
  is_default boolean not null default false
  CREATE UNIQUE INDEX price_list_default ON public.price_list USING btree (currency) WHERE is_default
  constraint price_list_code_key UNIQUE (code)
  constraint price_list_pkey PRIMARY KEY (id)

table product
  id bigint not null
  sku text not null
  name text not null
  description text
  unit text not null default 'piece'::text
  weight_grams integer
  tax_category text not null default 'standard'::text
  is_active boolean not null default true
  is_stocked boolean not null default true
  requires_shipping boolean not null default true
  created_at timestamp(3) with time zone not null
  updated_at timestamp(3) with time zone not null
  version integer not null default 1
  options jsonb not null default '[]'::jsonb
  CREATE INDEX product_name ON public.product USING btree (name, id)
  CREATE INDEX product_updated ON public.product USING btree (updated_at, id)
  CREATE INDEX product_words ON public.product USING gin (((chr(10) || lower(((sku || chr(10)) || name)))) gin_trgm_ops)
  constraint product_pkey PRIMARY KEY (id)
  constraint product_sku_key UNIQUE (sku)
  constraint product_weight_grams_check CHECK ((weight_grams >= 0))

table push_item
  integration_id bigint not null
  stream text not null
  record_kind text not null
  record_id bigint not null
  state text not null
  is_initial boolean not null default false
  is_alone boolean not null default false
  due_at timestamp(3) with time zone not null
  first_due_at timestamp(3) with time zone not null
  again_at timestamp(3) with time zone
  attempts integer not null default 0
  round integer not null default 0
  may_have_arrived boolean not null default false
  last_error text
  lease text
  leased_by text
  leased_at timestamp(3) with time zone
  told_version bigint
  told_at timestamp(3) with time zone
  CREATE INDEX push_item_due ON public.push_item USING btree (integration_id, stream, is_alone, is_initial, due_at, record_id) WHERE (state = 'DUE'::text)
  CREATE INDEX push_item_open ON public.push_item USING btree (record_kind, record_id) WHERE (state <> 'DONE'::text)
  CREATE INDEX push_item_sending ON public.push_item USING btree (leased_by) WHERE (state = 'SENDING'::text)
  constraint push_item_check CHECK (((state = 'SENDING'::text) = (lease IS NOT NULL)))
  constraint push_item_check1 CHECK ((((lease IS NULL) = (leased_by IS NULL)) AND ((lease IS NULL) = (leased_at IS NULL))))
  constraint push_item_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint push_item_pkey PRIMARY KEY (integration_id, stream, record_id)
  constraint push_item_state_check CHECK ((state = ANY (ARRAY['DUE'::text, 'SENDING'::text, 'DONE'::text, 'DEAD'::text])))

table push_position
  only_row boolean not null default true
  position bigint not null
  constraint push_position_only_row_check CHECK (only_row)
  constraint push_position_pkey PRIMARY KEY (only_row)

table push_stream
  integration_id bigint not null
  stream text not null
  record_kind text not null
  waits_until timestamp(3) with time zone
  failures integer not null default 0
  constraint push_stream_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint push_stream_pkey PRIMARY KEY (integration_id, stream)

table quote
  id bigint not null
  number text not null
  revision integer not null default 1
  status text not null
  customer_id bigint not null
  contact_id bigint
  owner_kind text
  owner_id text
  owner_name text
  currency text not null
  valid_until timestamp(3) with time zone not null
  subtotal_minor bigint not null
  discount_minor bigint not null
  tax_minor bigint not null
  total_minor bigint not null
  billing_address jsonb
  shipping_address jsonb
  created_at timestamp(3) with time zone not null
  updated_at timestamp(3) with time zone not null
  event_count integer not null
  version integer not null default 1
  submitted_at timestamp(3) with time zone
  shipping_method text
  shipping_minor bigint not null default 0
  shipping_tax_lines jsonb not null default '[]'::jsonb
  CREATE INDEX quote_awaiting ON public.quote USING btree (submitted_at, id) WHERE (status = 'PENDING_APPROVAL'::text)
  CREATE INDEX quote_created ON public.quote USING btree (created_at, id)
  CREATE INDEX quote_customer ON public.quote USING btree (customer_id, created_at, id)
  CREATE INDEX quote_expiring ON public.quote USING btree (valid_until) WHERE (status = ANY (ARRAY['DRAFT'::text, 'PENDING_APPROVAL'::text, 'APPROVED'::text, 'SENT'::text, 'ACCEPTED'::text, 'PARTIALLY_CONVERTED'::text]))
  CREATE INDEX quote_total ON public.quote USING btree (total_minor, id)
  CREATE INDEX quote_updated ON public.quote USING btree (updated_at, id)
  CREATE INDEX quote_valid_until ON public.quote USING btree (valid_until, id)
  CREATE INDEX quote_words ON public.quote USING gin (((chr(10) || lower(number))) gin_trgm_ops)
  constraint quote_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id) ON DELETE SET NULL
  constraint quote_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customer(id)
  constraint quote_number_revision_key UNIQUE (number, revision)
  constraint quote_pkey PRIMARY KEY (id)
  constraint quote_shipping CHECK (((shipping_minor >= 0) AND ((shipping_method IS NOT NULL) OR (shipping_minor = 0))))

table quote_approval
  id bigint not null
  quote_id bigint not null
  rule_id bigint not null
  status text not null
  reason text not null
  asked_by_kind text not null
  asked_by_id text
  asked_by_name text not null
  asked_at timestamp(3) with time zone not null
  decided_by_kind text
  decided_by_id text
  decided_by_name text
  decided_at timestamp(3) with time zone
  comment text
  constraint quote_approval_decided CHECK (((status = 'PENDING'::text) = (decided_at IS NULL)))
  constraint quote_approval_decided_by CHECK (((decided_at IS NULL) = (decided_by_kind IS NULL)))
  constraint quote_approval_pkey PRIMARY KEY (id)
  constraint quote_approval_quote_id_fkey FOREIGN KEY (quote_id) REFERENCES quote(id)
  constraint quote_approval_quote_id_rule_id_key UNIQUE (quote_id, rule_id)
  constraint quote_approval_rule_id_fkey FOREIGN KEY (rule_id) REFERENCES approval_rule(id)
  constraint quote_approval_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'APPROVED'::text, 'REJECTED'::text])))

table quote_line
  id bigint not null
  quote_id bigint not null
  position integer not null
  product_id bigint
  sku text not null
  description text not null
  requires_shipping boolean not null
  quantity numeric not null
  unit_price numeric(28,10) not null
  list_price numeric(28,10)
  discount_rate numeric(9,6) not null
  tax_minor bigint not null
  total_minor bigint not null
  tax_lines jsonb not null
  converted_quantity numeric not null default 0
  external_line_id text
  recurrence_interval text
  recurrence_terms integer
  configuration jsonb not null default '[]'::jsonb
  CREATE INDEX quote_line_quote ON public.quote_line USING btree (quote_id, "position")
  constraint quote_line_converted_once CHECK (((converted_quantity >= (0)::numeric) AND (converted_quantity <= quantity)))
  constraint quote_line_discount_rate_check CHECK (((discount_rate >= (0)::numeric) AND (discount_rate <= (1)::numeric)))
  constraint quote_line_external_line UNIQUE (quote_id, external_line_id)
  constraint quote_line_pkey PRIMARY KEY (id)
  constraint quote_line_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id)
  constraint quote_line_quantity_check CHECK ((quantity > (0)::numeric))
  constraint quote_line_quote_id_fkey FOREIGN KEY (quote_id) REFERENCES quote(id)
  constraint quote_line_recurrence CHECK (((recurrence_interval IS NULL) = (recurrence_terms IS NULL)))
  constraint quote_line_recurrence_interval_check CHECK ((recurrence_interval = ANY (ARRAY['MONTH'::text, 'QUARTER'::text, 'YEAR'::text])))
  constraint quote_line_recurrence_terms_check CHECK ((recurrence_terms > 0))
  constraint quote_line_unit_price_check CHECK ((unit_price >= (0)::numeric))

table reconcile_stream
  integration_id bigint not null
  stream text not null
  run jsonb
  asked_at timestamp(3) with time zone
  reconciled_at timestamp(3) with time zone
  compared bigint not null default 0
  failures integer not null default 0
  constraint reconcile_stream_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint reconcile_stream_pkey PRIMARY KEY (integration_id, stream)

table shipment
  id bigint not null
  number text not null
  order_id bigint not null
  location_id bigint not null
  status text not null
  status_at timestamp(3) with time zone not null
  carrier text
  service text
  tracking_number text
  tracking_url text
  shipped_at timestamp(3) with time zone
  delivered_at timestamp(3) with time zone
  created_at timestamp(3) with time zone not null
  updated_at timestamp(3) with time zone not null
  version integer not null default 1
  hold_id bigint
  CREATE INDEX shipment_order ON public.shipment USING btree (order_id, id)
  CREATE INDEX shipment_preparing ON public.shipment USING btree (created_at, id) WHERE (status = ANY (ARRAY['PENDING'::text, 'PICKING'::text, 'PACKED'::text]))
  CREATE INDEX shipment_tracking ON public.shipment USING btree (tracking_number) WHERE (tracking_number IS NOT NULL)
  CREATE INDEX shipment_tracking_words ON public.shipment USING gin (((chr(10) || lower(tracking_number))) gin_trgm_ops) WHERE (tracking_number IS NOT NULL)
  CREATE INDEX shipment_troubled ON public.shipment USING btree (status_at, id) WHERE (status = ANY (ARRAY['EXCEPTION'::text, 'DELIVERY_FAILED'::text]))
  CREATE TRIGGER shipment_left AFTER UPDATE OF shipped_at ON public.shipment FOR EACH ROW WHEN (((old.shipped_at IS NULL) AND (new.shipped_at IS NOT NULL))) EXECUTE FUNCTION shipment_left()
  CREATE TRIGGER shipment_left_at_once AFTER INSERT ON public.shipment FOR EACH ROW WHEN ((new.shipped_at IS NOT NULL)) EXECUTE FUNCTION shipment_left()
  constraint shipment_location_id_fkey FOREIGN KEY (location_id) REFERENCES stock_location(id)
  constraint shipment_number_key UNIQUE (number)
  constraint shipment_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
  constraint shipment_pkey PRIMARY KEY (id)

table shipment_draw
  shipment_id bigint not null
  fulfillment_order_id bigint not null
  order_line_id bigint not null
  units numeric not null
  CREATE INDEX shipment_draw_fulfillment_order ON public.shipment_draw USING btree (fulfillment_order_id)
  constraint shipment_draw_fulfillment_order_id_fkey FOREIGN KEY (fulfillment_order_id) REFERENCES fulfillment_order(id)
  constraint shipment_draw_order_line_id_fkey FOREIGN KEY (order_line_id) REFERENCES order_line(id)
  constraint shipment_draw_pkey PRIMARY KEY (shipment_id, fulfillment_order_id, order_line_id)
  constraint shipment_draw_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipment(id)
  constraint shipment_draw_units_check CHECK ((units > (0)::numeric))

table shipment_line
  id bigint not null
  shipment_id bigint not null
  order_line_id bigint not null
  product_id bigint
  sku text not null
  quantity numeric not null
  line_quantity numeric not null
  is_reserved boolean not null
  left_uncounted boolean not null default false
  CREATE INDEX shipment_line_order_line ON public.shipment_line USING btree (order_line_id)
  CREATE INDEX shipment_line_shipment ON public.shipment_line USING btree (shipment_id, id)
  constraint shipment_line_line_quantity_check CHECK ((line_quantity > (0)::numeric))
  constraint shipment_line_order_line_id_fkey FOREIGN KEY (order_line_id) REFERENCES order_line(id)
  constraint shipment_line_pkey PRIMARY KEY (id)
  constraint shipment_line_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id)
  constraint shipment_line_quantity_check CHECK ((quantity > (0)::numeric))
  constraint shipment_line_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipment(id)
  constraint shipment_line_uncounted CHECK ((NOT (left_uncounted AND is_reserved)))

table shipment_watch
  shipment_id bigint not null
  provider text not null
  tracker text
  next_look_at timestamp(3) with time zone
  looked_at timestamp(3) with time zone
  tries integer not null default 0
  notice text
  hold_id bigint
  created_at timestamp(3) with time zone not null
  CREATE INDEX shipment_watch_due ON public.shipment_watch USING btree (next_look_at) WHERE (next_look_at IS NOT NULL)
  CREATE INDEX shipment_watch_tracker ON public.shipment_watch USING btree (provider, tracker)
  constraint shipment_watch_pkey PRIMARY KEY (shipment_id)
  constraint shipment_watch_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipment(id)

table shipping_label
  id bigint not null
  shipment_id bigint not null
  offer_id bigint not null
  status text not null
  url text
  tracking_number text
  tracking_url text
  reason text
  tries integer not null default 0
  next_try_at timestamp(3) with time zone not null
  created_at timestamp(3) with time zone not null
  settled_at timestamp(3) with time zone
  CREATE INDEX shipping_label_due ON public.shipping_label USING btree (next_try_at) WHERE (status = ANY (ARRAY['REQUESTED'::text, 'CANCELING'::text]))
  CREATE INDEX shipping_label_shipment ON public.shipping_label USING btree (shipment_id, id)
  CREATE UNIQUE INDEX shipping_label_one ON public.shipping_label USING btree (shipment_id) WHERE (status = ANY (ARRAY['REQUESTED'::text, 'BOUGHT'::text, 'CANCELING'::text]))
  constraint shipping_label_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES carrier_offer(id)
  constraint shipping_label_pkey PRIMARY KEY (id)
  constraint shipping_label_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipment(id)
  constraint shipping_label_status_check CHECK ((status = ANY (ARRAY['REQUESTED'::text, 'BOUGHT'::text, 'FAILED'::text, 'CANCELING'::text, 'CANCELED'::text])))

table source_record
  integration_id bigint not null
  stream text not null
  external_id text not null
  record_kind text not null
  version text not null
  digest text
  bucket smallint default (hashtextextended(external_id, (0)::bigint) & (255)::bigint)
  CREATE INDEX source_record_named ON public.source_record USING btree (integration_id, record_kind, external_id)
  constraint source_record_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint source_record_pkey PRIMARY KEY (integration_id, stream, external_id)

table stock_level
  id bigint not null
  product_id bigint not null
  location_id bigint not null
  on_hand numeric not null default 0
  reserved numeric not null default 0
  safety_stock numeric not null default 0
  updated_at timestamp(3) with time zone not null
  version integer not null default 1
  reorder_point numeric
  reorder_quantity numeric
  CREATE INDEX stock_level_reorder ON public.stock_level USING btree (product_id) WHERE ((reorder_point IS NOT NULL) AND (GREATEST(((on_hand - reserved) - safety_stock), (0)::numeric) < reorder_point))
  CREATE TRIGGER stock_level_not_oversold BEFORE UPDATE OF reserved ON public.stock_level FOR EACH ROW WHEN (((new.reserved > old.reserved) AND (new.reserved > (new.on_hand - new.safety_stock)))) EXECUTE FUNCTION refuse_oversell()
  CREATE TRIGGER stock_level_on_hand BEFORE UPDATE OF on_hand ON public.stock_level FOR EACH ROW WHEN ((new.on_hand <> old.on_hand)) EXECUTE FUNCTION refuse_direct_on_hand()
  CREATE TRIGGER stock_level_starts_empty BEFORE INSERT ON public.stock_level FOR EACH ROW WHEN ((new.on_hand <> (0)::numeric)) EXECUTE FUNCTION refuse_direct_on_hand()
  constraint stock_level_location_id_fkey FOREIGN KEY (location_id) REFERENCES stock_location(id)
  constraint stock_level_on_hand_check CHECK ((on_hand >= (0)::numeric))
  constraint stock_level_pkey PRIMARY KEY (id)
  constraint stock_level_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id)
  constraint stock_level_product_id_location_id_key UNIQUE (product_id, location_id)
  constraint stock_level_reorder_point_check CHECK ((reorder_point >= (0)::numeric))
  constraint stock_level_reorder_quantity_check CHECK ((reorder_quantity > (0)::numeric))
  constraint stock_level_reserved_check CHECK ((reserved >= (0)::numeric))
  constraint stock_level_safety_stock_check CHECK ((safety_stock >= (0)::numeric))

table stock_location
  id bigint not null
  code text not null
  name text not null
  address jsonb
  is_active boolean not null default true
  created_at timestamp(3) with time zone not null
  updated_at timestamp(3) with time zone not null
  version integer not null default 1
  constraint stock_location_code_key UNIQUE (code)
  constraint stock_location_pkey PRIMARY KEY (id)

table stock_movement
  id bigint not null
  product_id bigint not null
  location_id bigint not null
  kind text not null
  quantity numeric not null
  balance_after numeric not null default 0
  order_id bigint
  reason text
  actor_kind text not null
  actor_id text
  actor_name text not null
  at timestamp(3) with time zone not null
  CREATE INDEX stock_movement_ledger ON public.stock_movement USING btree (product_id, location_id, at, id)
  CREATE TRIGGER stock_movement_append_only BEFORE DELETE OR UPDATE ON public.stock_movement FOR EACH ROW EXECUTE FUNCTION refuse_change()
  CREATE TRIGGER stock_movement_applied BEFORE INSERT ON public.stock_movement FOR EACH ROW EXECUTE FUNCTION apply_stock_movement()
  CREATE TRIGGER stock_movement_no_truncate BEFORE TRUNCATE ON public.stock_movement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
  constraint stock_movement_pkey PRIMARY KEY (id)
  constraint stock_movement_product_id_location_id_fkey FOREIGN KEY (product_id, location_id) REFERENCES stock_level(product_id, location_id)
  constraint stock_movement_quantity_check CHECK ((quantity <> (0)::numeric))

table stock_reservation
  order_line_id bigint not null
  product_id bigint not null
  location_id bigint not null
  quantity numeric not null
  CREATE INDEX stock_reservation_level ON public.stock_reservation USING btree (product_id, location_id)
  constraint stock_reservation_order_line_id_fkey FOREIGN KEY (order_line_id) REFERENCES order_line(id)
  constraint stock_reservation_pkey PRIMARY KEY (order_line_id, product_id, location_id)
  constraint stock_reservation_product_id_location_id_fkey FOREIGN KEY (product_id, location_id) REFERENCES stock_level(product_id, location_id)
  constraint stock_reservation_quantity_check CHECK ((quantity > (0)::numeric))

table sync_stream
  integration_id bigint not null
  stream text not null
  direction text not null
  checkpoint text
  walk jsonb
  last_run_at timestamp(3) with time zone
  last_success_at timestamp(3) with time zone
  processed bigint not null default 0
  failed bigint not null default 0
  constraint sync_stream_direction_check CHECK ((direction = ANY (ARRAY['PULL'::text, 'PUSH'::text])))
  constraint sync_stream_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id)
  constraint sync_stream_pkey PRIMARY KEY (integration_id, stream, direction)

table tax_rate
  country text not null
  category text not null
  name text not null
  rate numeric(9,6) not null
  valid_from date not null
  valid_until date
  region text not null default ''::text
  id bigint not null identity
  version integer not null default 1
  constraint tax_rate_check CHECK (((valid_until IS NULL) OR (valid_until > valid_from)))
  constraint tax_rate_pkey PRIMARY KEY (id)
  constraint tax_rate_rate_check CHECK ((rate >= (0)::numeric))
  constraint tax_rate_slot UNIQUE (country, region, category, valid_from)

table tracking_event
  id bigint not null
  shipment_id bigint not null
  status text not null
  description text
  place text
  at timestamp(3) with time zone not null
  constraint tracking_event_pkey PRIMARY KEY (id)
  constraint tracking_event_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipment(id)
  constraint tracking_event_shipment_id_status_at_key UNIQUE (shipment_id, status, at)

table work_item
  id bigint not null
  department text not null
  priority_rank smallint not null
  title text not null
  note text
  key text
  order_id bigint
  quote_id bigint
  assignee_id bigint
  due_at timestamp(3) with time zone
  opened_at timestamp(3) with time zone not null
  opened_by_kind text not null
  opened_by_id text
  opened_by_name text not null
  resolved_at timestamp(3) with time zone
  resolution text
  CREATE INDEX work_item_open ON public.work_item USING btree (department, priority_rank, opened_at, id) WHERE (resolved_at IS NULL)
  CREATE INDEX work_item_order ON public.work_item USING btree (order_id) WHERE ((order_id IS NOT NULL) AND (resolved_at IS NULL))
  CREATE INDEX work_item_quote ON public.work_item USING btree (quote_id) WHERE ((quote_id IS NOT NULL) AND (resolved_at IS NULL))
  CREATE UNIQUE INDEX work_item_key ON public.work_item USING btree (key) WHERE (resolved_at IS NULL)
  constraint work_item_assignee_id_fkey FOREIGN KEY (assignee_id) REFERENCES api_key(id)
  constraint work_item_check CHECK (((order_id IS NULL) OR (quote_id IS NULL)))
  constraint work_item_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id)
  constraint work_item_pkey PRIMARY KEY (id)
  constraint work_item_quote_id_fkey FOREIGN KEY (quote_id) REFERENCES quote(id)

CREATE OR REPLACE FUNCTION public.add_order_words()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into order_words (order_id, words)
  select id, order_words_of(number, purchase_order_number, email) from added;
  return null;
end $function$

CREATE OR REPLACE FUNCTION public.apply_stock_movement()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update stock_level
     set on_hand = on_hand + new.quantity, updated_at = new.at, version = version + 1
   where product_id = new.product_id and location_id = new.location_id
   returning on_hand into new.balance_after;
  return new;
end $function$

CREATE OR REPLACE FUNCTION public.ask_for_job(task text, payload json, name text, run_at timestamp with time zone DEFAULT now(), mode text DEFAULT 'replace'::text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  job bigint;
begin
  loop
    select added.id into job from graphile_worker.add_job(
      task, payload, queue_name => name, job_key => name, job_key_mode => mode, run_at => run_at, max_attempts => 1000) added;
    if job is not null then
      return job;
    end if;
  end loop;
end $function$

CREATE OR REPLACE FUNCTION public.change_order_words()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update order_words set words = order_words_of(new.number, new.purchase_order_number, new.email) where order_id = new.id;
  return null;
end $function$

CREATE OR REPLACE FUNCTION public.count_added_orders()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into order_count_change (day, status, channel_id, fulfillment_status, is_held, orders)
  select (placed_at at time zone 'UTC')::date, status, channel_id, fulfillment_status, open_holds > 0, count(*)
    from added group by 1, 2, 3, 4, 5;
  return null;
end $function$

CREATE OR REPLACE FUNCTION public.count_changed_order()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into order_count_change (day, status, channel_id, fulfillment_status, is_held, orders)
  values ((old.placed_at at time zone 'UTC')::date, old.status, old.channel_id, old.fulfillment_status, old.open_holds > 0, -1),
         ((new.placed_at at time zone 'UTC')::date, new.status, new.channel_id, new.fulfillment_status, new.open_holds > 0, 1);
  return null;
end $function$

CREATE OR REPLACE FUNCTION public.count_removed_order()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into order_count_change (day, status, channel_id, fulfillment_status, is_held, orders)
  values ((old.placed_at at time zone 'UTC')::date, old.status, old.channel_id, old.fulfillment_status, old.open_holds > 0, -1);
  return null;
end $function$

CREATE OR REPLACE FUNCTION public.next_quote_number()
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare
  candidate text;
begin
  loop
    candidate := 'Q-' || nextval('quote_number');
    exit when not exists (select from quote where number = candidate);
  end loop;
  return candidate;
end $function$

CREATE OR REPLACE FUNCTION public.order_confirmed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into invoice_due (order_id)
  select new.id from invoice_policy p
   where (p.issue_at = 'ORDER' or (p.issue_at = 'SHIPMENT' and new.fulfillment_status = 'DELIVERED'))
     and (p.is_for_stated or not new.is_stated)
      on conflict do nothing;
  return null;
end $function$

CREATE OR REPLACE FUNCTION public.order_words_of(number text, purchase_order_number text, email text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select chr(10) || lower(number || coalesce(chr(10) || purchase_order_number, '') || coalesce(chr(10) || email, ''))
$function$

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op) using errcode = 'HU001';
end $function$

CREATE OR REPLACE FUNCTION public.refuse_direct_on_hand()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'INSERT' or pg_trigger_depth() < 2 then
    raise exception 'on_hand changes only through stock_movement' using errcode = 'HU002';
  end if;
  return new;
end $function$

CREATE OR REPLACE FUNCTION public.refuse_number_gap()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and new.kind = old.kind and new.year = old.year and new.last_number = old.last_number + 1
     and new.last_issued_at >= old.last_issued_at then
    return new;
  end if;
  if tg_op = 'INSERT' and new.last_number = 1 then
    return new;
  end if;
  raise exception 'invoice_counter counts one by one: % refused', lower(tg_op) using errcode = 'HU001';
end $function$

CREATE OR REPLACE FUNCTION public.refuse_oversell()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'stock_level % would promise % of %', new.id, new.reserved, new.on_hand
    using errcode = '23514', constraint = 'stock_level_not_oversold';
end $function$

CREATE OR REPLACE FUNCTION public.refuse_personal_rewrite()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' or new.payload is not null or new.id <> old.id
     or new.customer_id is distinct from old.customer_id then
    raise exception 'event_personal may only be erased' using errcode = 'HU001';
  end if;
  return new;
end $function$

CREATE OR REPLACE FUNCTION public.shipment_left()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into invoice_due (order_id, shipment_id)
  select o.id, new.id from orders o, invoice_policy p
   where o.id = new.order_id and p.issue_at = 'SHIPMENT' and (p.is_for_stated or not o.is_stated)
      on conflict do nothing;
  return null;
end $function$
