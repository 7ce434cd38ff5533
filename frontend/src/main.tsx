import { createRoot } from 'react-dom/client';

import '@fontsource-variable/inter/wght.css';

import './app/style.css';

import { App } from './app/app';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App />);
