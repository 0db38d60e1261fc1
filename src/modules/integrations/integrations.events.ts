/** The subject of events about an integration: CREATED, STATUS_CHANGED. */
export const INTEGRATION = 'integration';
