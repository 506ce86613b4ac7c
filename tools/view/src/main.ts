import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { keepPage } from './source';

keepPage();
mount(App, { target: document.getElementById('page')! });
