/** Entry of the page: mounts the app in the language that main says in the root of the page. */
import { mount } from 'svelte';
import { speakLanguage } from '../preload/contract/catalogues.js';
import { suitingLanguage } from '../preload/contract/language.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/contrast.css';

await speakLanguage(suitingLanguage([document.documentElement.lang]));
// Only now: modules may put texts into words as soon as they are loaded.
const { default: App } = await import('./App.svelte');
mount(App, { target: document.getElementById('app')! });
