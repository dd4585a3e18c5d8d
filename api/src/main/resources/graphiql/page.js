// SPDX-License-Identifier: Apache-2.0
// The token stays in the memory of this page: it is in no storage of the browser.
const root = ReactDOM.createRoot(document.getElementById('graphiql'));
const state = document.getElementById('state');
let token = '';
let visits = 0;

async function ask(request) {
    const response = await fetch('/graphql', {
        method: 'POST',
        headers: {
            'Accept': 'application/graphql-response+json, application/json',
            'Content-Type': 'application/json',
            ...(token ? { 'Authorization': `Bearer ${token}` } : {}),
        },
        body: JSON.stringify(request),
    });
    state.textContent = response.ok ? '' : response.status === 401 ? 'The token is missing, unknown or ended.' : `Status ${response.status}`;
    return response.json();
}

function show() {
    root.render(React.createElement(GraphiQL, {
        key: visits++,
        fetcher: ask,
        isHeadersEditorEnabled: false,
        defaultQuery: '{\n  operator {\n    name\n    roles\n  }\n}\n',
    }));
}

document.getElementById('identity').addEventListener('submit', event => {
    event.preventDefault();
    token = document.getElementById('token').value.trim();
    show();
});
