/** The subjects of events about stock: CREATED and EDITED of a location, ADJUSTED of a level. */
export const LOCATION = 'stock_location';
export const LEVEL = 'stock_level';
