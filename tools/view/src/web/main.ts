import { mount } from 'svelte';
import '../app.css';
import Web from './Web.svelte';

mount(Web, { target: document.getElementById('page')! });
