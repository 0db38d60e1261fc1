import type { SandboxAnswer } from '#connect';
import { refusal } from './errors.js';

const LASTS_SECONDS = 1_800;

/** What a hub connects with: an OAuth app’s own, or a private app’s token. */
export function credentialsFor(secret: string) {
  return { clientSecret: secret, clientId: 'sandbox-app', refreshToken: `refresh-${secret}` };
}
export function privateTokenFor(secret: string): string {
  return `pat-${secret}`;
}

/** Issues access tokens that end after half an hour. */
export class Tokens {
  readonly #endsAt = new Map<string, number>();

  constructor(
    private readonly secret: string,
    private readonly now: () => Date,
  ) {}

  issue(body: Buffer): SandboxAnswer {
    const form = new URLSearchParams(body.toString('utf8'));
    const { clientId, clientSecret, refreshToken } = credentialsFor(this.secret);
    const isRight =
      form.get('grant_type') === 'refresh_token' &&
      form.get('client_id') === clientId &&
      form.get('client_secret') === clientSecret &&
      form.get('refresh_token') === refreshToken;
    if (!isRight) return refusal(400, 'BAD_REFRESH_TOKEN', 'missing or invalid refresh token');
    const token = `access-${this.#endsAt.size + 1}-${this.secret}`;
    this.#endsAt.set(token, this.now().getTime() + LASTS_SECONDS * 1_000);
    const answer = {
      access_token: token,
      refresh_token: refreshToken,
      expires_in: LASTS_SECONDS,
      token_type: 'bearer',
    };
    return { status: 200, body: answer };
  }

  isGood(authorization: string | undefined): boolean {
    const token = authorization?.replace(/^Bearer /, '') ?? '';
    if (token === privateTokenFor(this.secret)) return true;
    return (this.#endsAt.get(token) ?? 0) > this.now().getTime();
  }

  /** As when an administrator takes the app’s access away and gives it again. */
  revokeAll(): void {
    this.#endsAt.clear();
  }
}
