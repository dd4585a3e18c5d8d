// SPDX-License-Identifier: Apache-2.0
// A key that is pasted in stays in the memory of this page: it is in no storage of the browser.
window.addEventListener('DOMContentLoaded', () => {
    SwaggerUIBundle({
        url: '/openapi.json',
        dom_id: '#swagger-ui',
        deepLinking: true,
        displayRequestDuration: true,
        docExpansion: 'list',
        defaultModelsExpandDepth: 0,
        persistAuthorization: false,
        queryConfigEnabled: false,
        validatorUrl: null,
    });
});
