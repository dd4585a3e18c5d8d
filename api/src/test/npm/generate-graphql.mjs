// SPDX-License-Identifier: Apache-2.0
// Types and documents for TypeScript from a schema and queries:
//   node generate-graphql.mjs <folder of the schema> <folder of queries> <file to write>
import { codegen } from '@graphql-codegen/core';
import * as documentNode from '@graphql-codegen/typed-document-node';
import * as schemaTypes from '@graphql-codegen/typescript';
import * as operations from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [schemaFolder, queryFolder, filename] = process.argv.slice(2);
const texts = (folder) => readdirSync(folder).filter((name) => /\.graphqls?$/.test(name)).sort().map((name) => readFileSync(join(folder, name), 'utf8'));

const output = await codegen({
  filename,
  schema: parse(texts(schemaFolder).join('\n')),
  documents: texts(queryFolder).map((text, index) => ({ location: `task-${index + 1}`, document: parse(text) })),
  config: { strictScalars: true, scalars: { UUID: 'string', DateTime: 'string' }, enumsAsTypes: true, skipTypename: true, useTypeImports: true },
  plugins: [{ schema: {} }, { operations: {} }, { documents: {} }],
  pluginMap: { schema: schemaTypes, operations, documents: documentNode },
});
writeFileSync(filename, output);
