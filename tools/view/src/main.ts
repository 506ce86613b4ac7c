import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { readAddress } from './address';
import { liveFeed } from './feed';
import { carried, keepPage } from './source';

keepPage();
mount(App, { target: document.getElementById('page')!, props: { feed: liveFeed(readAddress(location.hash).live, carried()) } });
