type Json = Record<string, unknown>;

/** A buyer in a real shop, and a look at what the shop then keeps. By the wire alone: the connector is not asked. */
export class LiveShop {
  #buyer: string | null = null;
  #admin: string | null = null;

  constructor(private readonly url: string) {}

  async #ask(
    api: string,
    token: string | null,
    query: string,
    variables: object,
  ): Promise<{ data: Json; token: string | null }> {
    const headers = { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) };
    const response = await fetch(`${this.url}/${api}`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data: Json; errors?: object[] };
    if (errors) throw new Error(JSON.stringify(errors));
    for (const value of Object.values(data)) {
      if ((value as Json | null)?.errorCode !== undefined) throw new Error(JSON.stringify(value));
    }
    return { data, token: response.headers.get('vendure-auth-token') ?? token };
  }

  async buy(query: string, variables: object = {}): Promise<Json> {
    const { data, token } = await this.#ask('shop-api', this.#buyer, query, variables);
    this.#buyer = token;
    return data;
  }

  async look(query: string, variables: object = {}): Promise<Json> {
    if (this.#admin === null) {
      const login = 'mutation { login(username: "superadmin", password: "superadmin") { __typename } }';
      this.#admin = (await this.#ask('admin-api', null, login, {})).token;
    }
    return (await this.#ask('admin-api', this.#admin, query, variables)).data;
  }

  /** All but the payment. */
  async fillCart(sku: string, quantity: number): Promise<void> {
    const error = '__typename ... on ErrorResult { errorCode message }';
    const { productVariants } = await this.look(
      'query ($sku: String!) { productVariants(options: { filter: { sku: { eq: $sku } } }) { items { id } } }',
      { sku },
    );
    const [variant] = (productVariants as { items: { id: string }[] }).items;
    await this.buy(`mutation ($v: ID!, $q: Int!) { addItemToOrder(productVariantId: $v, quantity: $q) { ${error} } }`, {
      v: variant!.id,
      q: quantity,
    });
    await this.buy(`mutation ($i: CreateCustomerInput!) { setCustomerForOrder(input: $i) { ${error} } }`, {
      i: { firstName: 'Live', lastName: 'Buyer', emailAddress: 'live@buyer.example' },
    });
    await this.buy(`mutation ($i: CreateAddressInput!) { setOrderShippingAddress(input: $i) { ${error} } }`, {
      i: { fullName: 'Live Buyer', streetLine1: 'Street 1', city: 'Berlin', postalCode: '10115', countryCode: 'DE' },
    });
    const { eligibleShippingMethods: ways } = await this.buy('{ eligibleShippingMethods { id } }');
    await this.buy(`mutation ($i: [ID!]!) { setOrderShippingMethod(shippingMethodId: $i) { ${error} } }`, {
      i: [(ways as { id: string }[])[0]!.id],
    });
    await this.buy(`mutation { transitionOrderToState(state: "ArrangingPayment") { ${error} } }`);
  }

  /** Answers the order's id and code. */
  async pay(): Promise<{ id: string; code: string }> {
    const pay = `mutation { addPaymentToOrder(input: { method: "prepaid", metadata: {} }) {
      __typename ... on Order { id code state } ... on ErrorResult { errorCode message } } }`;
    return (await this.buy(pay)).addPaymentToOrder as { id: string; code: string };
  }
}

/** A look at what a real ERP keeps, by the wire alone. */
export class LiveErp {
  #session: string | null = null;

  constructor(private readonly url: string) {}

  async ask(method: string, params: unknown[]): Promise<Json[]> {
    // A password is hashed with each call that shows it, which keeps the server from its work.
    if (this.#session === null) {
      const [user, key] = await this.#send('common.db.login', ['hub', { password: 'hub-password' }, 'en'], {});
      this.#session = Buffer.from(`hub:${String(user)}:${String(key)}`).toString('base64');
    }
    const headers = { authorization: `Session ${this.#session}` };
    return (await this.#send(`model.${method}`, params, headers)) as Json[];
  }

  async #send(method: string, params: unknown[], headers: Record<string, string>): Promise<unknown[]> {
    const response = await fetch(`${this.url}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ id: 1, method, params }),
    });
    const { result, error } = (await response.json()) as { result?: unknown[]; error?: unknown };
    if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result!;
  }
}
