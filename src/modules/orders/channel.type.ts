import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { typeId } from '../../shared/ids.js';

export const CHANNEL = 'channel';
export const CHANNEL_PREFIX = 'chn';

export enum ChannelKind {
  MARKETPLACE = 'MARKETPLACE',
  WEB_SHOP = 'WEB_SHOP',
  PHONE = 'PHONE',
  EMAIL = 'EMAIL',
  CPQ = 'CPQ',
  API = 'API',
  POINT_OF_SALE = 'POINT_OF_SALE',
}
registerEnumType(ChannelKind, {
  name: 'ChannelKind',
  description: 'What kind of place orders come from.',
  valuesConfig: {
    MARKETPLACE: { description: 'A marketplace.' },
    WEB_SHOP: { description: 'A web shop.' },
    PHONE: { description: 'The telephone.' },
    EMAIL: { description: 'E-mail.' },
    CPQ: { description: 'A CPQ tool, by a quote.' },
    API: { description: 'The graph itself.' },
    POINT_OF_SALE: { description: 'A till.' },
  },
});

export interface ChannelRow {
  id: string;
  code: string;
  name: string;
  kind: ChannelKind;
  is_active: boolean;
  integration_id: string | null;
}

@ObjectType('Channel', {
  implements: Node,
  description: 'Where orders come from: a marketplace, a web shop, the phone, e-mail, a CPQ tool, or the graph itself.',
})
export class ChannelType {
  readonly __typename = 'Channel';
  constructor(readonly row: ChannelRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(CHANNEL_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'The name it goes by in inputs, e.g. "phone".' })
  get code(): string {
    return this.row.code;
  }
  @Field(() => String, { description: 'A name to show.' })
  get name(): string {
    return this.row.name;
  }
  @Field(() => ChannelKind, { description: 'What kind of place it is.' })
  get kind(): ChannelKind {
    return this.row.kind;
  }
  @Field(() => Boolean, { description: 'False: no new orders come from here.' })
  get isActive(): boolean {
    return this.row.is_active;
  }
}
