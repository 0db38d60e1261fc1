import { describe, expect, test } from '@jest/globals';
import {
  claimBehind,
  decide,
  isSameValue,
  type Held,
  type Policy,
} from '../../../src/modules/references/claims.rules.js';
import { seeded } from '../../api/support/desk.js';

const at = (second: number): Date => new Date(Date.UTC(2026, 2, 1, 0, 0, second));
const says = (code: string, value: unknown, second: number, policy: Policy = 'LATEST'): Held => ({
  integrationId: code === '' ? null : code,
  code,
  value,
  saidAt: at(second),
  observedAt: at(second),
  policy,
});
const stands = (...claims: Held[]) => {
  const { value, rule, isOpen } = decide(claims, null);
  return [value, rule, isOpen];
};

describe('which word stands', () => {
  test('the only one there is', () => {
    expect(stands(says('', 'a', 1))).toEqual(['a', 'set-in-hub', false]);
    expect(stands(says('crm', 'a', 1))).toEqual(['a', 'source-states-it', false]);
    expect(stands(says('crm', 'a', 1, 'HUMAN_DECIDES'))).toEqual(['a', 'source-states-it', false]);
  });

  test('the one said last, whoever said it', () => {
    expect(stands(says('crm', 'a', 1), says('', 'b', 2))).toEqual(['b', 'set-in-hub', false]);
    expect(stands(says('crm', 'a', 3), says('', 'b', 2))).toEqual(['a', 'latest', false]);
  });

  test('of those said at the same time the hub’s own, then the system’s whose code comes first', () => {
    expect(stands(says('shop', 's', 1), says('crm', 'c', 1))[0]).toBe('c');
    expect(stands(says('shop', 's', 1), says('', 'h', 1), says('crm', 'c', 1))[0]).toBe('h');
  });

  test('the owner’s, older than all others and than the hub’s users', () => {
    expect(stands(says('erp', 'e', 1, 'SOURCE_WINS'), says('', 'h', 9), says('crm', 'c', 8))).toEqual([
      'e',
      'source-wins',
      false,
    ]);
    expect(stands(says('erp', 'e', 1, 'SOURCE_WINS'), says('wms', 'w', 2, 'SOURCE_WINS'))[0]).toBe('w');
    expect(stands(says('erp', 'e', 1, 'SOURCE_WINS'), says('crm', 'c', 2, 'HUMAN_DECIDES'))).toEqual([
      'e',
      'source-wins',
      false,
    ]);
  });

  test.each([null, '', []])('nothing said (%j) does not replace something said, where it counts so', (nothing) => {
    expect(stands(says('crm', nothing, 9, 'NON_EMPTY'), says('shop', 's', 1))).toEqual(['s', 'latest', false]);
    expect(stands(says('crm', 'c', 9, 'NON_EMPTY'), says('shop', 's', 1))).toEqual(['c', 'non-empty', false]);
    expect(stands(says('crm', nothing, 9, 'NON_EMPTY'), says('shop', null, 1, 'NON_EMPTY'))[0]).toEqual(nothing);
    // Whoever empties it on purpose is heard.
    expect(stands(says('crm', 'c', 1, 'NON_EMPTY'), says('', null, 2))).toEqual([null, 'set-in-hub', false]);
  });
});

describe('where a person is to decide', () => {
  const shop = says('shop', 's', 1);
  const crm = says('crm', 'c', 5, 'HUMAN_DECIDES');

  test('a field stays as it is while words differ', () => {
    expect(decide([shop, crm], { value: 's', winner: shop })).toMatchObject({ value: 's', winner: shop, isOpen: true });
    expect(decide([shop, crm], { value: 'c', winner: crm })).toMatchObject({ value: 'c', winner: crm, isOpen: true });
    expect(decide([shop, crm], null)).toMatchObject({ value: 's', isOpen: true });
  });

  test('nothing waits where all say the same', () => {
    expect(decide([says('shop', 'c', 1), crm], { value: 'x', winner: null })).toMatchObject({
      value: 'c',
      isOpen: false,
    });
  });

  test('a person’s word settles what was said before it, not what is said later', () => {
    const person = says('', 'p', 6);
    expect(decide([shop, crm, person], { value: 's', winner: shop })).toMatchObject({
      value: 'p',
      rule: 'human-decides',
      isOpen: false,
    });
    const later = says('crm', 'd', 7, 'HUMAN_DECIDES');
    expect(decide([shop, later, person], { value: 'p', winner: person })).toMatchObject({ value: 'p', isOpen: true });
  });
});

describe('what a speaker’s claim is behind a word', () => {
  test('saying the same again is as old as when it was said first', () => {
    const again = claimBehind(says('crm', { city: 'Rome', line2: null }, 1), says('crm', { city: 'Rome' }, 9));
    expect(again).toMatchObject({ saidAt: at(1), observedAt: at(9) });
  });

  test('its own emptiness does not replace its own word, where it counts so', () => {
    expect(claimBehind(says('crm', 'a', 1, 'NON_EMPTY'), says('crm', null, 9, 'NON_EMPTY')).value).toBe('a');
    expect(claimBehind(says('crm', 'a', 1), says('crm', null, 9)).value).toBeNull();
  });
});

/** Each system speaks in its own order; how their words fall between one another is chance. */
function storyOf(dice: (below: number) => number, policies: Policy[]): Held[][] {
  return ['', 'crm', 'erp', 'shop'].slice(0, 2 + dice(3)).map((code) => {
    const policy = code === '' ? 'LATEST' : policies[dice(policies.length)]!;
    let second = 0;
    return Array.from({ length: 1 + dice(4) }, () => {
      second += dice(3);
      return says(code, [null, '', 'a', 'b', 'c'][dice(5)], second, policy);
    });
  });
}

function shuffled(dice: (below: number) => number, story: Held[][]): Held[] {
  const left = story.map((words) => [...words]);
  const order: Held[] = [];
  while (left.some((words) => words.length > 0)) {
    const speaking = left.filter((words) => words.length > 0);
    order.push(speaking[dice(speaking.length)]!.shift()!);
  }
  return order;
}

function heard(words: Held[]) {
  const claims = new Map<string, Held>();
  let standing: { value: unknown; winner: Held | null } | null = null;
  for (const word of words) {
    claims.set(word.code, claimBehind(claims.get(word.code), word));
    standing = decide(
      [...claims.values()],
      standing && { ...standing, winner: claims.get(standing.winner?.code ?? '') ?? null },
    );
  }
  return { claims: [...claims.values()], standing };
}

describe('over chance stories', () => {
  test('what stands does not depend on the order in which different speakers were heard', () => {
    const dice = seeded(28);
    const seen = new Set<string>();
    for (let n = 0; n < 400; n += 1) {
      const story = storyOf(dice, ['SOURCE_WINS', 'LATEST', 'NON_EMPTY']);
      const first = heard(shuffled(dice, story));
      const second = heard(shuffled(dice, story));
      expect(second.standing).toEqual(first.standing);
      expect(decide(first.claims.toReversed(), null)).toEqual(decide(first.claims, null));
      seen.add((first.standing as unknown as { rule: string }).rule);
    }
    expect([...seen].toSorted()).toEqual(['latest', 'non-empty', 'set-in-hub', 'source-wins']);
  });

  test('whether a person is to decide does not either, and no word changes the field before that', () => {
    const dice = seeded(29);
    let open = 0;
    for (let n = 0; n < 400; n += 1) {
      const story = storyOf(dice, ['LATEST', 'HUMAN_DECIDES']);
      const claims = heard(shuffled(dice, story)).claims;
      const standing = { value: 'as it is', winner: null };
      const verdict = decide(claims, standing);
      expect(decide(claims.toReversed(), standing).isOpen).toBe(verdict.isOpen);
      if (!verdict.isOpen) continue;
      open += 1;
      expect(verdict.value).toBe('as it is');
      expect(claims.some((one) => !isSameValue(one.value, claims[0]!.value))).toBe(true);
    }
    expect(open).toBeGreaterThan(50);
  });
});
