/** The fronts this target has. */
export const LOCAL_FRONTS = ['rest-api', 'http-api', 'function-url', 'invoke'] as const;
