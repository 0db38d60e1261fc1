import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import {
  DocumentLanguage,
  languageOf,
  pathOf,
  signedLinks,
  type DocumentSource,
  type Language,
} from '../../documents/index.js';
import { Allow, INSIDE } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { ordersById } from '../orders/index.js';
import { placesById } from '../stock/index.js';
import { packingSlips, pickLists } from './dispatch-documents.js';
import { isPreparing } from './shipment.states.js';
import { ShipmentType } from './shipment.type.js';

@Resolver(() => ShipmentType)
export class ShipmentPapersResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'A link to the PDF that goes into the parcel, without prices; signed, and it expires. Null where the shipment was canceled.',
  })
  async packingSlipUrl(
    @Root() shipment: ShipmentType,
    @Arg('language', () => DocumentLanguage, {
      nullable: true,
      description: 'Left out: the language of where the goods go.',
    })
    language: Language | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<string | null> {
    if (shipment.status === 'CANCELED') return null;
    const order = language == null ? await context.load(ordersById, shipment.row.order_id) : null;
    return linkTo(packingSlips, shipment, language ?? languageOf(order?.row.shipping_address?.country), context);
  }

  @Allow(INSIDE)
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'A link to the PDF for whoever takes the goods from the shelf, with SKUs to scan; signed, and it expires. Null once ' +
      'they have left.',
  })
  async pickListUrl(
    @Root() shipment: ShipmentType,
    @Arg('language', () => DocumentLanguage, {
      nullable: true,
      description: 'Left out: the language of where the goods are.',
    })
    language: Language | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<string | null> {
    if (!isPreparing(shipment.status)) return null;
    const place = language == null ? await context.load(placesById, shipment.row.location_id) : null;
    return linkTo(pickLists, shipment, language ?? languageOf(place?.address?.country), context);
  }
}

function linkTo(source: DocumentSource, { id }: ShipmentType, language: Language, context: GraphContext): string {
  const target = { kind: source.kind, id, language };
  return context.service(signedLinks).urlOf(pathOf(source), target, context.clock.now());
}
