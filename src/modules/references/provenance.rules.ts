/** Rules by which values stand that no policy decided. */
export const SET_IN_HUB = 'set-in-hub';
export const SOURCE_STATES_IT = 'source-states-it';
