/** Every operation of the API, each of which can be tried as whoever is signed in in this browser. */

import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';

import { newKey } from '../api/new-key';
import { readSession, signedInAs } from './session';
import './style.css';

const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** What the page of the product sends along as well: a proof that it is a page of ours, and a key for what is made once. */
async function prepared(request: SwaggerRequest): Promise<SwaggerRequest> {
  if (request.loadSpec || !unsafe.has(request.method)) return request;
  const csrf_token = (await readSession())?.csrf_token;
  if (csrf_token) request.headers['X-CSRF-Token'] ??= csrf_token;
  if (request.method === 'POST') request.headers['x-idempotency-key'] ??= newKey();
  return request;
}

async function showSession(): Promise<void> {
  const place = document.querySelector('#signed-in');
  place?.replaceChildren(...signedInAs(await readSession()));
}

SwaggerUI({
  dom_id: '#operations',
  url: '/api/v1/openapi.json',
  // Nothing of this page comes from, or goes to, anybody else.
  validatorUrl: null,
  requestInterceptor: prepared,
  responseInterceptor: (response) => {
    if (response.url.endsWith('/api/v1/session')) void showSession();
    return response;
  },
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
});
void showSession();
