// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
// What a partner writes against the generated client; says what it got, one thing a line.
import { Configuration, MessagesApi, ProblemFromJSON, ResponseError } from './client/index.js';
import type { ApiResponse, SendRequest, SendResult } from './client/index.js';

declare const process: { argv: string[] };

const [, , url, key] = process.argv;
const messages = new MessagesApi(new Configuration({ basePath: url, accessToken: key }));
const order: SendRequest = { to: '+33639980000', text: 'Your order has left.', purpose: 'transactional' };
const replayed = (answer: ApiResponse<SendResult>) => answer.raw.headers.has('idempotency-replayed');

const first = await messages.sendMessageRaw({ sendRequest: order, idempotencyKey: 'typescript-4711' });
const { id } = await first.value();
console.log('sent', first.raw.status, replayed(first));
const again = await messages.sendMessageRaw({ sendRequest: order, idempotencyKey: 'typescript-4711' });
console.log('sent', again.raw.status, replayed(again), (await again.value()).id === id);

let message = await messages.getMessage({ id });
while (!message._final) {
    await new Promise(resolve => setTimeout(resolve, 100));
    message = await messages.getMessage({ id });
}
console.log(message.status, message.to.includes('*'), message.timeline[0].type);
console.log('listed', (await messages.listMessages({ purpose: 'transactional', limit: 10 })).items.length > 0);

const batch = await messages.sendBatch({
    batchRequest: { messages: [order, { to: '+33', text: 'To nobody.', purpose: 'transactional' }] },
});
console.log('batch', batch.accepted, batch.refused, batch.items[1].problem?.code);
try {
    await messages.sendMessage({ sendRequest: { to: '+33639980000', text: 'Hello', purpose: 'fun' } });
} catch (e) {
    if (!(e instanceof ResponseError)) {
        throw e;
    }
    const problem = ProblemFromJSON(await e.response.json());
    console.log('problem', e.response.status, problem.code, problem.retryable);
}
