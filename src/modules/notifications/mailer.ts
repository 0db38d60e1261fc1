import { createTransport } from 'nodemailer';
import type { ServiceKey } from '../../graph/context.js';
import { oneLine } from '../../shared/one-line.js';
import type { Department } from './notification.rules.js';

export interface OutboundMailSettings {
  server: { host: string; port: number; isTls: boolean; auth: { user: string; pass: string } | null };
  from: { name: string; address: string };
  /** Where departments are told; one that is left out is told by SALES’ address, if there is one. */
  departments: Partial<Record<Department, string>>;
}

export interface Letter {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The same for every try, so that a server that has it already can tell. */
  messageId: string;
  /** Where one click ends such letters. */
  optOutUrl: string;
}

/** REFUSED: the server will never take it. LATER: it was not taken this time, or nobody knows. */
export type SendingOutcome = { kind: 'SENT' } | { kind: 'REFUSED' | 'LATER'; reason: string };

/** Sends letters; throws nothing. */
export interface Mailer {
  settings: OutboundMailSettings;
  send(letter: Letter): Promise<SendingOutcome>;
}
/** Null where nobody is told by mail. */
export const mailer: ServiceKey<Mailer | null> = { name: 'mailer' };

const CONNECT_MS = 15_000;
const IDLE_MS = 60_000;

export function smtpMailer(settings: OutboundMailSettings): Mailer {
  const { server, from } = settings;
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.isTls,
    // A password goes over TLS alone.
    requireTLS: !server.isTls && server.auth !== null,
    ...(server.auth && { auth: server.auth }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: IDLE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
  return {
    settings,
    async send({ to, subject, text, html, messageId, optOutUrl }) {
      try {
        await transport.sendMail({
          from: { name: oneLine(from.name, 100), address: from.address },
          to: { name: '', address: to },
          envelope: { from: from.address, to: [to] },
          subject: oneLine(subject, 200),
          text,
          html,
          messageId,
          headers: {
            // Answers of machines do not come back (RFC 3834).
            'Auto-Submitted': 'auto-generated',
            // RFC 8058.
            'List-Unsubscribe': `<${optOutUrl}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          },
        });
        return { kind: 'SENT' };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

/** What is wrong with a login may be mended by others; what is wrong with the address or the letter cannot. */
function outcomeOf(error: unknown): SendingOutcome {
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message?: string };
  const isFinal = (responseCode ?? 0) >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return { kind: isFinal ? 'REFUSED' : 'LATER', reason: oneLine(message ?? 'the server did not say why', 500) };
}
