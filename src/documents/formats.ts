import { multiplyDecimals } from '../shared/decimal.js';
import { moneyOfMinor, moneyOfUnitPrice, type Money } from '../shared/money.js';
import type { Language } from './languages.js';

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', it: 'it-IT' };
const MOST_DIGITS = 20;

/** A decimal text with the language's marks and no digit lost: a number would round long ones. */
export function decimalIn(language: Language, text: string): string {
  const digits = text.split('.')[1]?.length ?? 0;
  return new Intl.NumberFormat(LOCALES[language], {
    minimumFractionDigits: digits,
    maximumFractionDigits: MOST_DIGITS,
    useGrouping: 'always',
  }).format(text as Intl.StringNumericLiteral);
}

export function amountIn(language: Language, minor: bigint | string, currency: string): string {
  return decimalIn(language, moneyOfMinor(minor.toString(), currency).amount);
}

export function unitPriceIn(language: Language, price: string, currency: string): string {
  return decimalIn(language, moneyOfUnitPrice(price, currency).amount);
}

/** An amount with its currency's code in front: a sign such as "$" stands for several currencies. */
export function moneyIn(language: Language, { amount, currency }: Money): string {
  return `${currency} ${decimalIn(language, amount)}`;
}

/** "0.22" as "22 %". */
export function percentIn(language: Language, rate: string): string {
  return `${decimalIn(language, multiplyDecimals(rate, '100'))} %`;
}

export function dayIn(language: Language, at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'long', timeZone }).format(at);
}

export function countryIn(language: Language, code: string): string {
  return new Intl.DisplayNames([LOCALES[language]], { type: 'region', fallback: 'code' }).of(code) ?? code;
}
