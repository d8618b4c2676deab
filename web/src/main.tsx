import { render } from 'preact';
import './styles/base.css';
import './styles/pages.css';
import { App } from './app';
import { handleLinks } from './lib/router';

handleLinks();
// Without this, a file that is dropped beside its place would take the place of the app.
for (const event of ['dragover', 'drop']) window.addEventListener(event, dropped => dropped.preventDefault());
render(<App />, document.getElementById('app')!);
