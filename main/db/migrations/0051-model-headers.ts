/** Adds what the header of a model file says, so that hundreds of files need not be opened at each start. */
export const modelHeaders = `
  ALTER TABLE model_records ADD COLUMN header TEXT;
`;
