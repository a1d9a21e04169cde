/** Owns the actions on what shapes a reply. */
import { t } from '../../preload/contract/language.js';
import type { Action } from '../lib/actions.js';
import { appView } from '../stores/app-view.svelte.js';
import { levels } from '../stores/levels.svelte.js';
import { samplerChart } from '../stores/sampler-chart.svelte.js';

export const parameterActions = [
  {
    id: 'sampler-chart',
    label: t('Show what the samplers do'),
    does: t('What may come as the next word, after each sampler.'),
    group: 'Parameters',
    run: () => {
      samplerChart.isOpen = true;
      appView.show('Parameters');
    },
  },
  {
    id: 'grammars',
    label: t('Open the grammars'),
    does: t('Forms that replies can be held to: lists, JSON, tables, your own.'),
    group: 'Parameters',
    opensSheet: true,
    run: () => appView.toggleSheet('grammars'),
  },
  {
    id: 'templates',
    label: t('Open the prompt templates'),
    does: t('Those of the families, and your own, with the tokens they make.'),
    group: 'Parameters',
    opensSheet: true,
    run: () => appView.toggleSheet('templates'),
  },
  {
    id: 'neutralise',
    label: t('Neutralise all samplers'),
    does: t('For what is chosen under Parameters, at first the open chat.'),
    group: 'Parameters',
    run: () => levels.neutralise(levels.editing),
  },
  {
    id: 'reset-parameters',
    label: t('Reset all parameters'),
    does: t('For what is chosen under Parameters, at first the open chat.'),
    group: 'Parameters',
    run: () => levels.resetAll(levels.editing),
  },
] as const satisfies readonly Action[];
