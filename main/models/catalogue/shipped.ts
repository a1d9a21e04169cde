/** Owns the catalogue that ships with the app; loaded only when it is asked for, never at start. */
import { createHash } from 'node:crypto';
import alpaca from '../../../resources/catalog/models/alpaca.json';
import gpt4xAlpaca from '../../../resources/catalog/models/gpt4-x-alpaca.json';
import koala from '../../../resources/catalog/models/koala.json';
import llama from '../../../resources/catalog/models/llama.json';
import openAssistant from '../../../resources/catalog/models/openassistant.json';
import starters from '../../../resources/catalog/models/starters.json';
import vicuna from '../../../resources/catalog/models/vicuna.json';
import wizardLm from '../../../resources/catalog/models/wizardlm.json';
import type { CatalogueRow } from '../../db/catalogue.js';

const models = [llama, alpaca, vicuna, koala, gpt4xAlpaca, wizardLm, openAssistant, starters].flat();

export const shippedRows: readonly CatalogueRow[] = models.map((model) => ({
  id: model.id,
  model: JSON.stringify(model),
}));

/** Of the contents: any change of the data is another version. */
export const shippedVersion = createHash('sha256').update(JSON.stringify(models)).digest('hex');
