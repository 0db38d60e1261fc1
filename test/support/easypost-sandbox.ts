import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Rate {
  id: string;
  object: 'Rate';
  carrier: string;
  service: string;
  rate: string;
  currency: string;
  delivery_days: number | null;
  shipment_id: string;
}
interface Detail {
  object: 'TrackingDetail';
  message: string;
  status: string;
  status_detail: string;
  datetime: string;
  tracking_location: { object: 'TrackingLocation'; city: string | null; state: string | null; country: string | null };
}
export interface Tracker {
  id: string;
  object: 'Tracker';
  tracking_code: string;
  status: string;
  carrier: string;
  tracking_details: Detail[];
  public_url: string;
}
export interface Parcelled {
  id: string;
  reference: string | null;
  from_address: Record<string, unknown>;
  to_address: Record<string, unknown>;
  parcel: Record<string, unknown>;
  rates: Rate[];
  selected_rate: Rate | null;
  postage_label: { object: 'PostageLabel'; id: string; label_url: string } | null;
  tracking_code: string | null;
  tracker: Tracker | null;
  refund_status: string | null;
}
interface Answer {
  status: number;
  body: object;
}
/** What befalls the next call that changes something, or asks for a tracker. */
export type CarrierFault = 'DIES_BEFORE' | 'DIES_BEHIND' | 'BREAKS' | 'BREAKS_BEHIND' | 'IS_TOO_MANY';

const API_KEY = 'EZTKofthesandbox';
/** Its NFKD form is another than the bytes it is written with. */
export const WEBHOOK_SECRET = 'sécret of the ﬁne sandbox';
const PRICES = [
  ['USPS', 'Express', '51.20', 2],
  ['USPS', 'Priority', '11.01', 2],
  ['USPS', 'GroundAdvantage', '8.20', 3],
  ['Unheard', 'Of', '1.00', null],
] as const;

/** Behaves like the vendor as far as the hub uses it: one Shipment is sold one label, and trackers are not made twice. */
export class EasyPostSandbox {
  readonly shipments = new Map<string, Parcelled>();
  readonly trackers = new Map<string, Tracker>();
  /** Calls that came, in order. */
  readonly calls: string[] = [];
  /** Labels that were sold. */
  sold = 0;
  faults: CarrierFault[] = [];
  /** In which currency prices are given. */
  currency = 'EUR';
  /** What the vendor says where it refuses to sell. */
  refusal: string | null = null;
  refund = 'submitted';
  url = '';
  #made = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<EasyPostSandbox> {
    const server = createServer((req, res) => void sandbox.#handle(req, res));
    const sandbox = new EasyPostSandbox(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    sandbox.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return sandbox;
  }

  get settings() {
    return { apiKey: API_KEY, webhookSecrets: ['an older secret', WEBHOOK_SECRET], url: this.url };
  }

  trackerOf(code: string): Tracker {
    return [...this.trackers.values()].find((tracker) => tracker.tracking_code === code)!;
  }

  /** The carrier has something to say of a parcel. */
  report(
    code: string,
    status: string,
    at: Date,
    more: { detail?: string; city?: string; message?: string } = {},
  ): void {
    const tracker = this.trackerOf(code);
    tracker.status = status;
    tracker.tracking_details.push({
      ...{ object: 'TrackingDetail', message: more.message ?? `it is ${status}`, status },
      ...{ status_detail: more.detail ?? 'status_update', datetime: at.toISOString() },
      tracking_location: { object: 'TrackingLocation', city: more.city ?? null, state: null, country: null },
    } as Detail);
  }

  /** News of a tracker, signed as the vendor signs it. */
  event(code: string, id = this.#id('evt'), secret = WEBHOOK_SECRET) {
    const event = { id, object: 'Event', description: 'tracker.updated', result: this.trackerOf(code) };
    const body = JSON.stringify(event);
    const digest = createHmac('sha256', secret.normalize('NFKD')).update(body).digest('hex');
    return { body, headers: { 'content-type': 'application/json', 'x-hmac-signature': `hmac-sha256-hex=${digest}` } };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname } = new URL(req.url!, this.url);
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    if (req.headers.authorization !== `Basic ${Buffer.from(`${API_KEY}:`).toString('base64')}`)
      return send(res, refusal(401, 'APIKEY.INACTIVE', 'This api key is no longer active.'));
    const isRead = req.method === 'GET' && pathname.startsWith('/v2/shipments/');
    if (!isRead) this.calls.push(`${req.method} ${pathname.replace(/(shp|trk)_\w+/, '$1')}`);
    const fault = isRead ? undefined : this.faults.shift();
    if (fault === 'DIES_BEFORE') return void res.destroy();
    if (fault === 'BREAKS') return send(res, broken());
    if (fault === 'IS_TOO_MANY') return send(res, refusal(429, 'RATE_LIMITED', 'Too many requests'));
    const answer = this.#answer(req.method!, pathname, text === '' ? {} : (JSON.parse(text) as never));
    if (fault === 'DIES_BEHIND') return void res.destroy();
    send(res, fault === 'BREAKS_BEHIND' ? broken() : answer);
  }

  #answer(method: string, path: string, body: Record<string, never>): Answer {
    if (method === 'POST' && path === '/v2/shipments') return { status: 201, body: this.#create(body.shipment!) };
    if (method === 'POST' && path === '/v2/trackers')
      return { status: 201, body: this.#track(body.tracker!['tracking_code'], body.tracker!['carrier']) };
    const [, kind, id = '', verb] = /^\/v2\/(shipments|trackers)\/(\w+)(?:\/(buy|refund))?$/.exec(path) ?? [];
    const found = kind === 'trackers' ? this.trackers.get(id) : this.shipments.get(id);
    if (!found) return refusal(404, 'NOT_FOUND', 'The requested resource could not be found.');
    if (method === 'GET') return { status: 200, body: found };
    if (verb === 'buy') return this.#buy(found as Parcelled, (body.rate as unknown as { id: string }).id);
    return this.#refund(found as Parcelled);
  }

  #create(given: Pick<Parcelled, 'reference' | 'from_address' | 'to_address' | 'parcel'>): Parcelled {
    const id = this.#id('shp');
    const rates = PRICES.map(([carrier, service, rate, days]) => ({
      ...{ id: this.#id('rate'), object: 'Rate' as const, carrier, service, rate, currency: this.currency },
      ...{ delivery_days: days, shipment_id: id },
    }));
    const none = { selected_rate: null, postage_label: null, tracking_code: null, tracker: null, refund_status: null };
    const { reference, from_address, to_address, parcel } = given;
    const made: Parcelled = { id, reference, from_address, to_address, parcel, rates, ...none };
    this.shipments.set(id, made);
    return made;
  }

  #buy(shipment: Parcelled, rateId: string): Answer {
    if (shipment.postage_label)
      return refusal(422, 'SHIPMENT.POSTAGE.EXISTS', 'Postage already exists for this shipment.');
    const rate = shipment.rates.find(({ id }) => id === rateId);
    if (!rate || this.refusal) return refusal(422, 'SHIPMENT.POSTAGE.FAILURE', this.refusal ?? 'No such rate.');
    this.sold += 1;
    shipment.selected_rate = rate;
    shipment.tracking_code = `EZ${String(this.sold).padStart(10, '0')}`;
    shipment.tracker = this.#track(shipment.tracking_code, rate.carrier);
    const url = `https://labels.example/${shipment.id}.png`;
    shipment.postage_label = { object: 'PostageLabel', id: this.#id('pl'), label_url: url };
    return { status: 200, body: shipment };
  }

  #refund(shipment: Parcelled): Answer {
    if (shipment.refund_status) return refusal(422, 'SHIPMENT.REFUND.UNAVAILABLE', 'A refund was requested before.');
    shipment.refund_status = this.refund;
    return { status: 200, body: shipment };
  }

  #track(code: string, carrier: string): Tracker {
    const known = this.trackerOf(code);
    if (known) return known;
    const id = this.#id('trk');
    const url = `https://track.easypost.com/${id}`;
    const named = { id, object: 'Tracker' as const, tracking_code: code, carrier, public_url: url };
    const tracker: Tracker = { ...named, status: 'pre_transit', tracking_details: [] };
    this.trackers.set(id, tracker);
    return tracker;
  }

  #id(prefix: string): string {
    this.#made += 1;
    return `${prefix}_${String(this.#made).padStart(6, '0')}sandbox`;
  }
}

function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message, errors: [] } } };
}

function broken(): Answer {
  return refusal(500, 'INTERNAL_SERVER_ERROR', 'We were unable to process the request');
}

function send(res: ServerResponse, { status, body }: Answer): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
