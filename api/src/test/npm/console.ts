// SPDX-License-Identifier: Apache-2.0
// A client as somebody would write it who has nothing but the generated types: it only has to compile.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import * as tasks from './generated.js';
import type { UnmaskInput, UnmaskMutation, OperatorRole } from './generated.js';

async function ask<Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables): Promise<Result> {
  const answer = await fetch('/graphql', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: print(document), variables }),
  });
  return ((await answer.json()) as { data: Result }).data;
}

export async function roles(): Promise<OperatorRole[]> {
  return (await ask(tasks.WhoDocument, {})).operator?.roles ?? [];
}

/** A union has to be told apart before what is in it can be read. */
export function told(answer: NonNullable<UnmaskMutation['unmaskMessage']>): string {
  return answer.__typename === 'Unmasked' ? (answer.text ?? '') : answer.gaps.map((gap) => gap.reason).join();
}

export async function unmask(message: UnmaskInput): Promise<string> {
  const answer = (await ask(tasks.UnmaskDocument, { message })).unmaskMessage;
  return answer ? told(answer) : '';
}

// @ts-expect-error a reason is required
export const withoutReason: UnmaskInput = { id: '0190b5d6-0000-7000-8000-000000000000' };

// @ts-expect-error what the schema does not have, the client does not have either
export const nonsense: OperatorRole = 'ROOT';
