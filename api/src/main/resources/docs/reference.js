// SPDX-License-Identifier: Apache-2.0
// A key that is pasted in stays in the memory of this page: it is in no storage of the browser.

// An answer that does not end would be waited for, and not shown
const withoutStreams = {
    statePlugins: {
        spec: {
            wrapSelectors: {
                allowTryItOutFor: (original, system) => (state, path, method) =>
                    !system.specSelectors.specJson().hasIn(['paths', path, method, 'responses', '200', 'content', 'text/event-stream']),
            },
        },
    },
};

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
        plugins: [withoutStreams],
    });
});
