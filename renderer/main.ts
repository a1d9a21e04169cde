/** Entry of the page: mounts the app. */
import { mount } from 'svelte';
import App from './App.svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/contrast.css';

mount(App, { target: document.getElementById('app')! });
