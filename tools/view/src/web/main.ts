import { mount } from 'svelte';
import '../app.css';
import App from '../App.svelte';
import { carried, keepPage } from '../source';
import Web from './Web.svelte';

// Saved with a recording, the page carries no machine.
keepPage();
const target = document.getElementById('page')!;
void carried().then((data) => (data ? mount(App, { target, props: { data } }) : mount(Web, { target })));
