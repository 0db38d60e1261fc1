import { z, type ZodError, type ZodType } from 'zod';
import { valueAt } from './value-at.js';

export interface ConfigurationIssue {
  /** Starts with "settings" or "credentials". */
  path: string[];
  message: string;
  isMissing: boolean;
}

export interface ConfigurationCheck {
  /** With defaults filled in; only to be used where there are no issues. */
  settings: Record<string, unknown>;
  credentials: Record<string, unknown>;
  issues: ConfigurationIssue[];
}

/** Checks both parts and reports everything at once. No message repeats a value: it may be a secret. */
export function checkConfiguration(
  schemas: { settings: ZodType; credentials: ZodType },
  given: { settings: unknown; credentials: unknown },
): ConfigurationCheck {
  const issues: ConfigurationIssue[] = [];
  const read = (part: 'settings' | 'credentials'): Record<string, unknown> => {
    const result = schemas[part].safeParse(given[part]);
    if (result.success) return result.data as Record<string, unknown>;
    issues.push(...issuesOf(part, result.error, given[part]));
    return {};
  };
  return { settings: read('settings'), credentials: read('credentials'), issues };
}

function issuesOf(part: string, error: ZodError, given: unknown): ConfigurationIssue[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => issueAt([part, ...path, key], 'this connector has no such value', false));
    }
    const isMissing = valueAt(given, path) === undefined;
    return [issueAt([part, ...path], isMissing ? 'expected a value, got none' : issue.message, isMissing)];
  });
}

function issueAt(path: string[], message: string, isMissing: boolean): ConfigurationIssue {
  return { path, message: `${path.join('.')}: ${message}`, isMissing };
}

/** An http(s) address without credentials, query or trailing slash: what `settings.baseUrl` of every connector is. */
export function baseUrl(): ZodType<string> {
  return z
    .string()
    .refine(isPlainAddress, 'expected an http or https address without user, query and fragment')
    .meta({ description: 'Where the system is reached; point it at a sandbox to try things out.', format: 'uri' });
}

function isPlainAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return /^https?:$/.test(url.protocol) && isPlain && !text.endsWith('/');
}

/** A value that is stored encrypted and never shown again. */
export function secret(description: string): z.ZodString {
  return z.string().min(1, 'expected some text, got ""').meta({ description, writeOnly: true, format: 'password' });
}
