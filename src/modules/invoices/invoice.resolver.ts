import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { DocumentLanguage, pathOf, signedLinks, type Language } from '../../documents/index.js';
import { Allow, Role } from '../../graph/access.js';
import type { GraphContext } from '../../graph/context.js';
import { mutate, type MutationResult } from '../../graph/mutation.js';
import { ordersById, OrderType } from '../orders/index.js';
import { issueCreditNote } from './actions/issue-credit-note.js';
import { issueInvoice } from './actions/issue-invoice.js';
import type { Issued } from './actions/write-invoice.js';
import { invoiceDocument } from './invoice-document.js';
import { InvoicePayload, IssueCreditNoteInput, IssueInvoiceInput } from './invoice-input.type.js';
import { creditNotesOfInvoice, invoicesById, invoicesOfOrder, linesOfInvoice } from './invoice.loaders.js';
import { InvoiceLineType, InvoiceType } from './invoice.type.js';

const ACCOUNTANTS = [Role.ADMIN, Role.FINANCE];

@Resolver(() => InvoiceType)
export class InvoiceResolver {
  @Allow(ACCOUNTANTS)
  @Mutation(() => InvoicePayload, {
    description:
      'Invoices what of an order has left, or all of it, and is not invoiced yet. Amounts are shares to the cent, and the ' +
      'last invoice takes the rest; shipping and fees stand on the first.',
  })
  async issueInvoice(
    @Arg('input', () => IssueInvoiceInput, { description: 'What of which order.' }) input: IssueInvoiceInput,
    @Ctx() context: GraphContext,
  ): Promise<InvoicePayload> {
    return payload(context, await mutate(context, 'issueInvoice', input, (scope) => issueInvoice(scope, input)));
  }

  @Allow(ACCOUNTANTS)
  @Mutation(() => InvoicePayload, {
    description: 'Takes back an invoice, some of its lines or an amount of it, by a document with a number of its own.',
  })
  async issueCreditNote(
    @Arg('input', () => IssueCreditNoteInput, { description: 'What of which invoice.' }) input: IssueCreditNoteInput,
    @Ctx() context: GraphContext,
  ): Promise<InvoicePayload> {
    return payload(context, await mutate(context, 'issueCreditNote', input, (scope) => issueCreditNote(scope, input)));
  }

  @FieldResolver(() => OrderType, { description: 'The order it is of.' })
  order(@Root() { row }: InvoiceType, @Ctx() context: GraphContext): Promise<OrderType | null> {
    return context.load(ordersById, row.order_id);
  }

  @FieldResolver(() => [InvoiceLineType], { description: 'What it charges for, or takes back.' })
  lines(@Root() { row }: InvoiceType, @Ctx() context: GraphContext): Promise<InvoiceLineType[]> {
    return context.load(linesOfInvoice, row.id);
  }

  @FieldResolver(() => InvoiceType, {
    nullable: true,
    description: 'Of a credit note: the invoice that it takes back.',
  })
  credits(@Root() { row }: InvoiceType, @Ctx() context: GraphContext): Promise<InvoiceType | null> {
    return row.credits_id === null ? Promise.resolve(null) : context.load(invoicesById, row.credits_id);
  }

  @FieldResolver(() => [InvoiceType], { description: 'The credit notes that take back some of it, the oldest first.' })
  creditNotes(@Root() { row }: InvoiceType, @Ctx() context: GraphContext): Promise<InvoiceType[]> {
    return context.load(creditNotesOfInvoice, row.id);
  }

  @FieldResolver(() => String, {
    description: 'A link to the PDF that is signed and expires: whoever has it until then may read it, without a key.',
  })
  pdfUrl(
    @Root() invoice: InvoiceType,
    @Arg('language', () => DocumentLanguage, {
      nullable: true,
      description: 'Left out: the language of the country where the invoice goes, English for most.',
    })
    language: Language | null | undefined,
    @Ctx() context: GraphContext,
  ): string {
    const target = { kind: invoiceDocument.kind, id: invoice.id, language: language ?? invoice.row.language };
    return context.service(signedLinks).urlOf(pathOf(invoiceDocument), target, context.clock.now());
  }
}

@Resolver(() => OrderType)
export class OrderInvoicesResolver {
  @FieldResolver(() => [InvoiceType], { description: 'Its invoices and credit notes, the oldest first.' })
  invoices(@Root() { row }: OrderType, @Ctx() context: GraphContext): Promise<InvoiceType[]> {
    return context.load(invoicesOfOrder, row.id);
  }
}

async function payload(context: GraphContext, { outcome, ...rest }: MutationResult<Issued>): Promise<InvoicePayload> {
  return {
    invoice: outcome && (await context.load(invoicesById, outcome.invoiceId)),
    order: outcome && (await context.load(ordersById, outcome.orderId)),
    ...rest,
  };
}
