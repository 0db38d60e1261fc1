import { createSign } from 'node:crypto';
import { audienceOf, keyOf, type Credentials, type Settings } from './settings.js';

/** Salesforce takes at most three minutes; less, so that a clock that is a little behind is not beyond them. */
const LASTS_SECONDS = 120;

/**
 * Who the app is and whom it acts for, signed with its key.
 * https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_jwt_flow.htm
 */
export function assertionOf(settings: Settings, credentials: Credentials, now: Date): string {
  const claims = {
    iss: credentials.consumerKey,
    sub: credentials.username,
    aud: audienceOf(settings),
    exp: Math.floor(now.getTime() / 1_000) + LASTS_SECONDS,
  };
  const said = `${part({ alg: 'RS256' })}.${part(claims)}`;
  return `${said}.${createSign('RSA-SHA256').update(said).sign(keyOf(credentials), 'base64url')}`;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
