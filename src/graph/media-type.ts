const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';
/** The first is taken where a client has no preference. */
const OFFERED = [JSON_TYPE, GRAPHQL_TYPE] as const;
export type MediaType = (typeof OFFERED)[number];

interface Range {
  type: string;
  quality: number;
  place: number;
}

/** Which media type an `accept` header asks for (RFC 9110, 12.5.1); null where it takes none that is served. */
export function mediaTypeFor(accept: string | undefined): MediaType | null {
  if (!accept?.trim()) return JSON_TYPE;
  const ranges = accept.split(',').map(readRange);
  const choices = OFFERED.flatMap((type) => {
    const best = ranges
      .filter((range) => covers(range.type, type))
      .sort((a, b) => precision(b.type) - precision(a.type) || a.place - b.place)[0];
    return best && best.quality > 0 ? [{ type, range: best }] : [];
  });
  choices.sort(
    ({ range: a }, { range: b }) => b.quality - a.quality || precision(b.type) - precision(a.type) || a.place - b.place,
  );
  return choices[0]?.type ?? null;
}

function readRange(text: string, place: number): Range {
  const [type, ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
  const quality = /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0;
  return { type: type!, quality, place };
}

function covers(range: string, type: string): boolean {
  return range === type || range === 'application/*' || range === '*/*';
}

function precision(range: string): number {
  return range === '*/*' ? 0 : range.endsWith('/*') ? 1 : 2;
}
