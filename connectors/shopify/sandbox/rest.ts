// Records as webhooks show them: the REST shape.
import { shopTime, type ShopOrder } from './orders.js';
import { plain, type Customer, type Fulfillment, type Level, type Product } from './shop.js';

const marked = (id: string): string => `@${id}@`;

export function customerBody(customer: Customer): object {
  return {
    id: marked(customer.id),
    email: customer.email,
    first_name: customer.firstName,
    last_name: customer.lastName,
    phone: customer.phone,
    state: 'enabled',
    updated_at: shopTime(customer.updatedAt),
    tags: customer.tags.join(', '),
    default_address: { ...customer.address, default: true },
    addresses: [customer.address],
  };
}

export function productBody(product: Product): object {
  return {
    id: marked(product.id),
    title: product.title,
    body_html: product.descriptionHtml,
    status: 'active',
    updated_at: shopTime(product.updatedAt),
    variants: [
      {
        id: marked(product.variantId),
        product_id: marked(product.id),
        title: 'Default Title',
        sku: product.sku,
        updated_at: shopTime(product.updatedAt),
        inventory_item_id: marked(product.itemId),
        inventory_management: 'shopify',
        requires_shipping: product.requiresShipping,
        grams: product.grams,
      },
    ],
  };
}

export function levelBody(level: Level): object {
  return {
    inventory_item_id: marked(level.itemId),
    location_id: marked(level.locationId),
    available: level.available,
    updated_at: shopTime(level.updatedAt),
  };
}

export function fulfillmentBody(each: Fulfillment, order: ShopOrder): object {
  return {
    id: marked(each.id),
    order_id: order.id,
    status: each.status.toLowerCase(),
    shipment_status: each.displayStatus === 'FULFILLED' ? null : each.displayStatus.toLowerCase(),
    created_at: shopTime(each.createdAt),
    updated_at: shopTime(each.updatedAt),
    location_id: marked(each.locationId),
    tracking_company: each.tracking?.company ?? null,
    tracking_number: each.tracking?.number ?? null,
    tracking_url: each.tracking?.url ?? null,
    line_items: each.lines.map(({ lineId, quantity }) => {
      const line = order.line_items.find(({ id }) => plain(id) === lineId)!;
      return { id: line.id, sku: line.sku, quantity };
    }),
  };
}
