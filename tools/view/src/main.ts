import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { keepPage } from './source';
import { loadWords } from './words';

keepPage();
await loadWords();
mount(App, { target: document.getElementById('page')! });
