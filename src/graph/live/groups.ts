import type { FeedListener } from '../../events/feed.js';
import type { StreamedEvent } from '../../events/streamed-event.js';
import { randomId } from '../../shared/ids.js';
import { parseInstant } from '../../shared/clock.js';
import { visibilityScope, type Viewer } from '../access.js';
import { GraphContext } from '../context.js';
import type { Operation } from '../execution.js';
import { Group, type GroupMember } from './group.js';
import { groupKey } from './group-key.js';
import type { LiveParts } from './message.js';
import type { SourceStream } from './stream.js';

/** All groups, found by the events that concern them: an event of one order does not ask each order's watchers. */
export class Groups implements FeedListener {
  readonly #byKey = new Map<string, Group>();
  readonly #byPlace = new Map<string, Set<Group>>();

  constructor(private readonly parts: LiveParts) {}

  /** From now on the member receives every message behind the feed's head. The function returned ends it. */
  join(member: GroupMember, operation: Operation, source: SourceStream): () => void {
    const key = groupKey(operation, visibilityScope(source.viewer));
    const group = this.#byKey.get(key) ?? this.#open(key, operation, source);
    group.join(member);
    return () => {
      group.leave(member);
      if (group.size === 0 && this.#byKey.get(key) === group) this.#close(key, group);
    };
  }

  onEvents(events: readonly StreamedEvent[]): void {
    const contextOf = contextsByScope(this.parts);
    for (const event of events) {
      for (const place of placesOf(event)) {
        for (const group of this.#byPlace.get(place) ?? []) {
          if (group.source.matches(event)) group.offer(event, contextOf(group.source.viewer));
        }
      }
    }
    const at = parseInstant(events.at(-1)!.at);
    this.parts.metrics.lagMs = this.parts.graph.clock.now().getTime() - at.getTime();
  }

  #open(key: string, operation: Operation, source: SourceStream): Group {
    const group = new Group(operation, source, this.parts);
    const place = placeOf(source);
    this.#byKey.set(key, group);
    this.#byPlace.set(place, (this.#byPlace.get(place) ?? new Set()).add(group));
    this.parts.metrics.groups = this.#byKey.size;
    return group;
  }

  #close(key: string, group: Group): void {
    const place = placeOf(group.source);
    const neighbours = this.#byPlace.get(place);
    neighbours?.delete(group);
    if (neighbours?.size === 0) this.#byPlace.delete(place);
    this.#byKey.delete(key);
    this.parts.metrics.groups = this.#byKey.size;
  }
}

/** The narrowest place in which every event that the source may want is found. */
function placeOf({ filter: { subjectKind, subjectId, customerId } }: SourceStream): string {
  if (subjectKind !== undefined && subjectId !== undefined) return `subject ${subjectKind} ${subjectId}`;
  if (customerId !== undefined) return `customer ${customerId}`;
  return subjectKind === undefined ? 'all' : `kind ${subjectKind}`;
}

function placesOf({ subjectKind, subjectId, customerId }: StreamedEvent): string[] {
  const places = [`subject ${subjectKind} ${subjectId}`, `kind ${subjectKind}`, 'all'];
  if (customerId !== null) places.push(`customer ${customerId}`);
  return places;
}

/** Viewers who see the same share their loaders for the events of one batch, all of which are committed by then. */
function contextsByScope({ graph }: LiveParts): (viewer: Viewer) => GraphContext {
  const contexts = new Map<string, GraphContext>();
  return (viewer) => {
    const scope = visibilityScope(viewer);
    let context = contexts.get(scope);
    if (!context) {
      context = new GraphContext(graph, viewer, randomId());
      contexts.set(scope, context);
    }
    return context;
  };
}
