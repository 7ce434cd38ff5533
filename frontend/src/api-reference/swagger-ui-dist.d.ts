/** What of Swagger UI is used here; it brings no types. */

interface SwaggerRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  loadSpec?: boolean;
}

declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  interface Options {
    dom_id: string;
    url: string;
    validatorUrl: null;
    requestInterceptor: (request: SwaggerRequest) => Promise<SwaggerRequest>;
    responseInterceptor: (response: { url: string }) => { url: string };
    deepLinking: boolean;
    docExpansion: 'list';
    defaultModelsExpandDepth: number;
    displayRequestDuration: boolean;
    filter: boolean;
    tryItOutEnabled: boolean;
  }
  export default function SwaggerUI(options: Options): void;
}
