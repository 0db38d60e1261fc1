export const PRODUCT = 'product';
export const PRICE_LIST = 'price_list';
