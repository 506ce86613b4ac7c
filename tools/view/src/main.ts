import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { readAddress } from './address';
import { liveFeed } from './feed';
import { carried, keepPage } from './source';

keepPage();
void carried().then((data) =>
	mount(App, { target: document.getElementById('page')!, props: { data, feed: liveFeed(readAddress(location.hash).live, data) } }));
