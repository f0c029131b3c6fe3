/** The pages for those who document, configure and audit. */
export const underRoot = [] as const;

export const underModel = [] as const;
