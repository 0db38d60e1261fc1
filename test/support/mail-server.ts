import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface TakenMail {
  to: string[];
  raw: string;
  mail: Email;
}

/** A mail server that takes mail for everybody, or says what a test wants it to say. */
export class MailServer {
  readonly taken: TakenMail[] = [];
  /** The code with which mail for an address is refused; null: it is taken. */
  refusal: (recipient: string) => number | null = () => null;

  private constructor(private readonly server: SMTPServer) {}

  static async start(port = 0): Promise<MailServer> {
    const refused = (code: number) => Object.assign(new Error(`refused with ${code}`), { responseCode: code });
    const server: SMTPServer = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      onRcptTo: ({ address }, _session, answer) => {
        const code = self.refusal(address);
        answer(code === null ? null : refused(code));
      },
      onData: (stream, { envelope }, answer) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks);
          PostalMime.parse(raw).then((mail) => {
            self.taken.push({ to: envelope.rcptTo.map(({ address }) => address), raw: raw.toString(), mail });
            answer(null, 'taken');
          }, answer);
        });
      },
    });
    // Whoever brings mail may die of it, and its connection with it.
    server.on('error', () => {});
    const self = new MailServer(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return self;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }
}
