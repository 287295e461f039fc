/** The local cloud has one account; AWS's documents use this number in their examples. */
export const ACCOUNT_ID = '123456789012';
