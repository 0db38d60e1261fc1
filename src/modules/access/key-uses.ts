import type { Database } from '../../db/database.js';
import type { CallerFacts } from '../../graph/authenticate.js';
import type { Log } from '../../shared/log.js';
import { addUses, touchKeys } from './api-key.queries.js';
import type { KeyUseOutcome } from './key-use.type.js';

const FLUSH_MS = 3_000;
/** Programs told apart for one key on one day by one process; further ones are counted together. */
const MAX_AGENTS = 20;
const OTHER = 'other';

interface Line {
  keyId: string;
  day: string;
  outcome: KeyUseOutcome;
  addressKind: string;
  agent: string;
  uses: number;
  firstAt: string;
  lastAt: string;
}

/**
 * Counts how keys are used, in memory, and writes the counts every few seconds: a request costs no write. A process that
 * is killed loses the counts of those seconds; a stop writes them.
 */
export class KeyUses {
  #lines = new Map<string, Line>();
  /** Programs seen on one day, by key. */
  #agents = { day: '', byKey: new Map<string, Set<string>>() };
  readonly #timer: NodeJS.Timeout;
  #flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly log: Log,
  ) {
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS);
    this.#timer.unref();
  }

  note(keyId: string, outcome: KeyUseOutcome, caller: CallerFacts, at: Date): void {
    const instant = at.toISOString();
    const day = instant.slice(0, 10);
    const agent = this.#agentOf(keyId, caller.agent, day);
    this.#add({
      keyId,
      day,
      outcome,
      addressKind: caller.addressKind,
      agent,
      uses: 1,
      firstAt: instant,
      lastAt: instant,
    });
  }

  /** Writes what was counted since the last time; what could not be written is kept for the next. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  /** Callers choose their names: what they can make the table grow by is bounded. */
  #agentOf(keyId: string, agent: string, day: string): string {
    if (this.#agents.day !== day) this.#agents = { day, byKey: new Map() };
    const known = this.#agents.byKey.get(keyId) ?? new Set<string>();
    if (!known.has(agent) && known.size >= MAX_AGENTS) return OTHER;
    this.#agents.byKey.set(keyId, known.add(agent));
    return agent;
  }

  #add(line: Line): void {
    const name = [line.keyId, line.day, line.outcome, line.addressKind, line.agent].join(' ');
    const before = this.#lines.get(name);
    if (!before) return void this.#lines.set(name, line);
    before.uses += line.uses;
    if (line.firstAt < before.firstAt) before.firstAt = line.firstAt;
    if (line.lastAt > before.lastAt) before.lastAt = line.lastAt;
  }

  async #write(): Promise<void> {
    if (this.#lines.size === 0) return;
    const lines = [...this.#lines.values()];
    this.#lines = new Map();
    try {
      await this.db.transaction('noteKeyUses', async (tx) => {
        await tx.query(addUses(...columnsOf(lines)));
        const used = lines.filter(({ outcome }) => outcome === 'ADMITTED');
        if (used.length > 0)
          tx.defer(
            touchKeys(
              used.map(({ keyId }) => keyId),
              used.map(({ lastAt }) => lastAt),
            ),
          );
      });
    } catch (error) {
      for (const line of lines) this.#add(line);
      this.log.warn({ err: error }, 'could not write how API keys were used; it is tried again');
    }
  }
}

function columnsOf(lines: Line[]) {
  return [
    lines.map(({ keyId }) => keyId),
    lines.map(({ day }) => day),
    lines.map(({ outcome }) => outcome),
    lines.map(({ addressKind }) => addressKind),
    lines.map(({ agent }) => agent),
    lines.map(({ uses }) => uses),
    lines.map(({ firstAt }) => firstAt),
    lines.map(({ lastAt }) => lastAt),
  ] as const;
}
