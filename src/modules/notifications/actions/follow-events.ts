import type { GraphServices } from '../../../graph/context.js';
import type { UpkeepTask } from '../../../graph/upkeep.js';
import { sellerSettings } from '../../orders/index.js';
import { mailer, type OutboundMailSettings } from '../mailer.js';
import {
  audienceOf,
  departmentOf,
  isAddress,
  languageOf,
  templateOf,
  TOLD_TYPES,
  type Audience,
  type Language,
  type Template,
  type ToldEvent,
} from '../notification.rules.js';
import {
  insertNotifications,
  lockPlace,
  movePlace,
  selectIsBehind,
  selectSettings,
  selectTold,
  type FollowedRow,
} from '../notification.queries.js';
import { isOn } from '../notification-setting.rules.js';

const BATCH = 500;
/** What happened longer ago is no news: a hub that was away, or a log that was loaded. */
const NEWS_MS = 7 * 86_400_000;

/** Follows the event log: a letter for each event that is told, and each address. Where nobody is told by mail it only keeps up. */
export const queueNotifications: UpkeepTask = {
  name: 'queue-notifications',
  everyMs: 1_000,
  async run(hub) {
    while ((await hub.db.readOne(selectIsBehind()))?.is_behind && (await followEvents(hub)));
  },
};

/** Letters and the new place in the log stand in one transaction: no event is told twice or left out. */
function followEvents({ db, clock, services }: GraphServices): Promise<boolean> {
  return db.transaction('queue-notifications', async (tx) => {
    const place = await tx.one(lockPlace());
    if (!place || Number(place.head) <= Number(place.position)) return false;
    const { settings } = services.get(mailer) ?? { settings: null };
    if (settings === null) {
      tx.defer(movePlace(place.head));
      return false;
    }
    const until = Math.min(Number(place.position) + BATCH, Number(place.head));
    const now = clock.now();
    const since = new Date(now.getTime() - NEWS_MS).toISOString();
    const [told, decided] = await Promise.all([
      tx.query(selectTold(place.position, until, TOLD_TYPES, since)),
      tx.query(selectSettings()),
    ]);
    const country = services.get(sellerSettings).country;
    const letters = told.flatMap((row) => letterOf(row, settings, country)).filter((letter) => isOn(decided, letter));
    if (letters.length > 0) {
      const ids = await tx.ids.take(letters.length);
      tx.defer(insertStatement(ids, letters, now));
    }
    tx.defer(movePlace(until));
    return until < Number(place.head);
  });
}

interface NewLetter {
  row: FollowedRow;
  template: Template;
  channelKind: string;
  audience: Audience;
  recipient: string;
  language: Language;
}

function letterOf(row: FollowedRow, settings: OutboundMailSettings, sellerCountry: string): NewLetter[] {
  const template = templateOf(row as FollowedRow & ToldEvent);
  if (template === null) return [];
  const audience = audienceOf(template);
  const department = settings.departments[departmentOf(template, row.hold_reason)] ?? settings.departments.SALES;
  const recipient = audience === 'CUSTOMER' ? row.email : (department ?? null);
  if (recipient === null) return [];
  const language = languageOf(audience === 'CUSTOMER' ? row.country : sellerCountry);
  return [{ row, template, channelKind: row.channel_kind, audience, recipient: recipient.toLowerCase(), language }];
}

/** What is no address is kept as failed, so that somebody sees it. */
function insertStatement(ids: string[], letters: NewLetter[], now: Date) {
  return insertNotifications(
    ids,
    letters.map(({ row }) => row.event_id),
    letters.map(({ row }) => row.order_id),
    letters.map(({ template }) => template),
    letters.map(({ audience }) => audience),
    letters.map(({ recipient }) => recipient),
    letters.map(({ language }) => language),
    letters.map(({ recipient }) => (isAddress(recipient) ? 'QUEUED' : 'FAILED')),
    letters.map(({ recipient }) => (isAddress(recipient) ? null : 'this is no address')),
    now.toISOString(),
  );
}
