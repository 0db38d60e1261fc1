import { createPublicKey, createVerify } from 'node:crypto';
import type { SandboxAnswer } from '#connect';
import { refusal } from './errors.js';
import { keyFrom } from './key.js';

export const USERNAME = 'hub@example.com.sandbox';
const CONSUMER_KEY = '3MVG9sandbox0000000000';
const AUDIENCES = ['https://login.salesforce.com', 'https://test.salesforce.com'];
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const MOST_AHEAD_SECONDS = 180;

/** What a hub connects with. */
export function credentialsFor(secret: string) {
  const privateKey = keyFrom(secret).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { consumerKey: CONSUMER_KEY, username: USERNAME, privateKey };
}

/** Sessions for who shows a right assertion. */
export class Tokens {
  readonly #sessions = new Set<string>();
  #issued = 0;

  constructor(
    private readonly secret: string,
    private readonly now: () => Date,
  ) {}

  issue(body: Buffer, instanceUrl: string): SandboxAnswer {
    const form = new URLSearchParams(body.toString('utf8'));
    if (form.get('grant_type') !== GRANT) return refused('unsupported_grant_type', 'grant type not supported');
    const fault = this.#faultOf(form.get('assertion') ?? '');
    if (fault !== null) return refused('invalid_grant', fault);
    this.#issued += 1;
    const token = `00Dsandbox0000000!session.${this.#issued}.${this.secret}`;
    this.#sessions.add(token);
    return {
      status: 200,
      body: {
        access_token: token,
        scope: 'api',
        instance_url: instanceUrl,
        id: `${AUDIENCES[0]}/id/00D000000000001EAA/005000000000001AAA`,
        token_type: 'Bearer',
      },
    };
  }

  #faultOf(assertion: string): string | null {
    const [head = '', claims = '', signature = ''] = assertion.split('.');
    const verify = createVerify('RSA-SHA256').update(`${head}.${claims}`);
    if (!verify.verify(createPublicKey(keyFrom(this.secret)), signature, 'base64url')) return 'invalid assertion';
    const { iss, sub, aud, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
    const ahead = Number(exp) - this.now().getTime() / 1_000;
    if (ahead <= 0 || ahead > MOST_AHEAD_SECONDS) return 'expired authorization code';
    if (iss !== CONSUMER_KEY || !AUDIENCES.includes(String(aud))) return 'invalid assertion';
    return sub === USERNAME ? null : 'user hasn’t approved this consumer';
  }

  /** Null where the session is good. */
  check(authorization: string | undefined): SandboxAnswer | null {
    if (this.#sessions.has(authorization?.replace(/^Bearer /, '') ?? '')) return null;
    return refusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
  }

  /** As when an administrator ends the user’s sessions. */
  revokeAll(): void {
    this.#sessions.clear();
  }
}

function refused(error: string, description: string): SandboxAnswer {
  return { status: 400, body: { error, error_description: description } };
}
