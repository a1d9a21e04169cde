/** Owns the actions on what shapes a reply. */
import type { Action } from '../lib/actions.js';
import { appView } from '../stores/app-view.svelte.js';
import { levels } from '../stores/levels.svelte.js';
import { samplerChart } from '../stores/sampler-chart.svelte.js';

export const parameterActions = [
  {
    id: 'sampler-chart',
    label: 'Show what the samplers do',
    does: 'What may come as the next word, after each sampler.',
    group: 'Parameters',
    run: () => {
      samplerChart.isOpen = true;
      appView.show('Parameters');
    },
  },
  {
    id: 'grammars',
    label: 'Open the grammars',
    does: 'Forms that replies can be held to: lists, JSON, tables, your own.',
    group: 'Parameters',
    opensSheet: true,
    run: () => appView.toggleSheet('grammars'),
  },
  {
    id: 'templates',
    label: 'Open the prompt templates',
    does: 'Those of the families, and your own, with the tokens they make.',
    group: 'Parameters',
    opensSheet: true,
    run: () => appView.toggleSheet('templates'),
  },
  {
    id: 'neutralise',
    label: 'Neutralise all samplers',
    does: 'For what is chosen under Parameters, at first the open chat.',
    group: 'Parameters',
    run: () => levels.neutralise(levels.editing),
  },
  {
    id: 'reset-parameters',
    label: 'Reset all parameters',
    does: 'For what is chosen under Parameters, at first the open chat.',
    group: 'Parameters',
    run: () => levels.resetAll(levels.editing),
  },
] as const satisfies readonly Action[];
