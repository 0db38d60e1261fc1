import type { AddressInfo } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { GraphServices } from '../../graph/context.js';
import { keepMail } from './actions/keep-mail.js';
import { readMailAlone } from './actions/read-waiting-mails.js';
import { isOrdersAddress } from './mail-sender.rules.js';
import { DEFAULT_MAIL_LIMITS, type InboundMailSettings, type MailLimits } from './mail.settings.js';

/** What the files hold that the settings name. */
export interface Certificate {
  cert: string;
  key: string;
}

const IDLE_MS = 60_000;
const CLOSE_MS = 5_000;
const MOST_RECIPIENTS = 20;

/** Says to the client what is wrong: 4xx to come again, 5xx never to. */
class SmtpRefusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** Takes mail for the orders addresses and for nothing else: it relays none. */
export class MailListener {
  readonly #server: SMTPServer;
  readonly #limits: MailLimits;
  readonly #ofMachine: RateLimiterMemory;
  readonly #ofSender: RateLimiterMemory;
  /** Mails that are being read: their sender has its answer already. */
  readonly #reading = new Set<Promise<void>>();

  private constructor(
    private readonly hub: GraphServices,
    private readonly settings: InboundMailSettings,
    certificate: Certificate | null,
  ) {
    this.#limits = { ...DEFAULT_MAIL_LIMITS, ...settings.limits };
    this.#ofMachine = new RateLimiterMemory({ points: this.#limits.perMachine, duration: 60 });
    this.#ofSender = new RateLimiterMemory({ points: this.#limits.perSender, duration: 3_600 });
    this.#server = new SMTPServer({
      banner: 'orders by e-mail',
      size: settings.maxBytes,
      authOptional: true,
      disabledCommands: certificate ? ['AUTH'] : ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      maxClients: this.#limits.clients,
      socketTimeout: IDLE_MS,
      closeTimeout: CLOSE_MS,
      ...certificate,
      onMailFrom: (address, session, answer) => settle(this.#admit(address.address, session), answer),
      onRcptTo: (address, session, answer) => answer(this.#refusalOf(address.address, session)),
      onData: (stream, session, answer) => settle(this.#take(stream, session), answer),
    });
    this.#server.on('error', (error) => hub.log.warn({ err: error }, 'the listener for mail had trouble'));
  }

  /** Returns when mail is taken; throws where the address or the port cannot be listened on. */
  static async start(
    hub: GraphServices,
    settings: InboundMailSettings,
    certificate: Certificate | null,
  ): Promise<MailListener> {
    const listener = new MailListener(hub, settings, certificate);
    await new Promise<void>((resolve, reject) => {
      listener.#server.once('error', reject);
      listener.#server.listen(settings.port, settings.host, () => {
        listener.#server.off('error', reject);
        resolve();
      });
    });
    hub.log.info({ host: settings.host, port: listener.port }, 'orders by e-mail are taken');
    return listener;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  /** Takes no more, and waits for what is being taken or read. */
  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(resolve));
    await Promise.all(this.#reading);
  }

  async #admit(sender: string, { remoteAddress }: SMTPServerSession): Promise<void> {
    try {
      // The machine first: whoever has no more of its mails cannot fill the memory with senders.
      await this.#ofMachine.consume(remoteAddress);
      if (sender !== '') await this.#ofSender.consume(sender.toLowerCase());
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      throw new SmtpRefusal(451, 'Too many mails for now; come again later');
    }
  }

  #refusalOf(recipient: string, { envelope }: SMTPServerSession): Error | null {
    if (envelope.rcptTo.length >= MOST_RECIPIENTS) return new SmtpRefusal(452, 'Too many recipients');
    if (isOrdersAddress(this.settings.addresses, recipient)) return null;
    return new SmtpRefusal(550, 'No mail is taken for this address here');
  }

  /** Answers once the mail is committed: from then on it is this hub's to read. */
  async #take(stream: SMTPServerDataStream, { envelope, remoteAddress }: SMTPServerSession): Promise<string> {
    const source = await readWhole(stream, this.settings.maxBytes);
    if (source === null) throw new SmtpRefusal(552, `Expected at most ${this.settings.maxBytes} bytes`);
    const envelopeFrom = envelope.mailFrom ? envelope.mailFrom.address : '';
    const envelopeTo = [...new Set(envelope.rcptTo.map(({ address }) => address.toLowerCase()))];
    let kept: Awaited<ReturnType<typeof keepMail>>;
    try {
      kept = await keepMail(this.hub, { envelopeFrom, envelopeTo, remoteAddress, source });
    } catch (error) {
      this.hub.log.error({ err: error }, 'a mail could not be kept; its sender is told to come again');
      throw new SmtpRefusal(451, 'The mail cannot be kept now; come again later');
    }
    const { mailId, isNew } = kept;
    this.hub.log.info({ mail: mailId, bytes: source.length, isNew }, 'a mail came');
    if (isNew) this.#readSoon(mailId);
    return isNew ? 'Kept' : 'Known already';
  }

  #readSoon(mailId: string): void {
    // Behind the answer to the sender, who need not wait for it.
    const reading = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => readMailAlone(this.hub, mailId))
      .catch((error: unknown) => this.hub.log.warn({ err: error, mail: mailId }, 'a mail waits to be read'));
    this.#reading.add(reading);
    void reading.finally(() => this.#reading.delete(reading));
  }
}

/** Null for one that is too large, which is still heard to its end. */
async function readWhole(stream: SMTPServerDataStream, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  }
  return size > maxBytes ? null : Buffer.concat(chunks);
}

function settle(work: Promise<string | void>, answer: (error?: Error | null, message?: string) => void): void {
  work.then(
    (message) => answer(null, message ?? undefined),
    (error: unknown) => answer(error instanceof SmtpRefusal ? error : new SmtpRefusal(451, 'Come again later')),
  );
}
