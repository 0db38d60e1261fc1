import { Field, ID, ObjectType } from 'type-graphql';
import { Node } from '../../graph/node.js';
import { CurrencyCode } from '../../graph/scalars.js';
import { typeId } from '../../shared/ids.js';

export const PRICE_LIST_PREFIX = 'prl';

export interface PriceListRow {
  id: string;
  code: string;
  name: string;
  currency: string;
  is_default: boolean;
}

@ObjectType('PriceList', {
  implements: Node,
  description: 'Prices in one currency: of the customers that have the list, or of everyone where it is the default.',
})
export class PriceListType {
  readonly __typename = 'PriceList';
  constructor(readonly row: PriceListRow) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId(PRICE_LIST_PREFIX, this.row.id);
  }
  @Field(() => String, { description: 'The name it goes by in inputs.' })
  get code(): string {
    return this.row.code;
  }
  @Field(() => String, { description: 'A name to show.' })
  get name(): string {
    return this.row.name;
  }
  @Field(() => CurrencyCode, { description: 'Currency of all its prices.' })
  get currency(): string {
    return this.row.currency;
  }
  @Field(() => Boolean, { description: 'Its prices hold where the customer’s own list has none.' })
  get isDefault(): boolean {
    return this.row.is_default;
  }
}
