import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DecimalScalar } from '../../graph/scalars.js';
import { MoneyType } from '../../graph/values.type.js';
import { typeId } from '../../shared/ids.js';
import { moneyOfMinor, type Money } from '../../shared/money.js';
import { TaxExemption, type TaxFigure } from '../tax/index.js';
import { sumTax, type AdjustmentFigure, type ShippingFigure } from './order.totals.rules.js';

@ObjectType('TaxLine', { description: 'One tax on an amount.' })
export class TaxLineType {
  constructor(
    private readonly tax: TaxFigure,
    private readonly currency: string,
  ) {}
  @Field(() => String, { description: 'As it stands on the invoice, e.g. "VAT 22 %".' })
  get name(): string {
    return this.tax.name;
  }
  @Field(() => DecimalScalar, { description: 'A fraction: "0.22" is 22 %.' })
  get rate(): string {
    return this.tax.rate;
  }
  @Field(() => MoneyType, { description: 'What is taxed.' })
  get taxable(): Money {
    return moneyOfMinor(this.tax.taxable, this.currency);
  }
  @Field(() => MoneyType, { description: 'The tax.' })
  get amount(): Money {
    return moneyOfMinor(this.tax.amount, this.currency);
  }
  @Field(() => TaxExemption, {
    nullable: true,
    description: 'Why the tax is nothing; null where it is a tax like any other.',
  })
  get exemption(): string | null {
    return this.tax.exemption ?? null;
  }
}

@ObjectType('ShippingLine', { description: 'What one way of shipping costs.' })
export class ShippingLineType {
  constructor(
    private readonly line: ShippingFigure,
    private readonly currency: string,
  ) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId('shl', this.line.id);
  }
  @Field(() => String, { description: 'How it is sent, in words.' })
  get method(): string {
    return this.line.method;
  }
  @Field(() => MoneyType, { description: 'After its discounts, in the order’s price basis.' })
  get price(): Money {
    return moneyOfMinor(this.line.price_minor, this.currency);
  }
  @Field(() => MoneyType, { description: 'The tax on it.' })
  get taxTotal(): Money {
    return moneyOfMinor(sumTax(this.line.tax_lines).toString(), this.currency);
  }
}

export enum AdjustmentKind {
  DISCOUNT = 'DISCOUNT',
  FEE = 'FEE',
  ROUNDING = 'ROUNDING',
}
registerEnumType(AdjustmentKind, {
  name: 'AdjustmentKind',
  description: 'What an adjustment does to the total.',
  valuesConfig: {
    DISCOUNT: { description: 'Lowers it; spread over the lines.' },
    FEE: {
      description:
        'Raises it; taxed at the rate of the category “fee”, else spread over the lines and taxed as they are.',
    },
    ROUNDING: { description: 'Rounds it, up or down; not taxed.' },
  },
});

@ObjectType('Adjustment', { description: 'A discount or fee on the whole order.' })
export class AdjustmentType {
  constructor(
    private readonly adjustment: AdjustmentFigure,
    private readonly currency: string,
  ) {}
  @Field(() => ID, { description: 'Opaque and typed.' })
  get id(): string {
    return typeId('adj', this.adjustment.id);
  }
  @Field(() => AdjustmentKind, { description: 'What it does.' })
  get kind(): string {
    return this.adjustment.kind;
  }
  @Field(() => String, { description: 'Why, in words.' })
  get label(): string {
    return this.adjustment.label;
  }
  @Field(() => MoneyType, {
    description: 'Positive for a discount given and for a fee charged; a rounding has its sign.',
  })
  get amount(): Money {
    return moneyOfMinor(this.adjustment.amount_minor, this.currency);
  }
}
